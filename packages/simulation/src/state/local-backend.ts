import {
  type BackendView,
  type EngineProfile,
  type EpochMs,
  learnProfile,
  openProfileEstimate,
  type Power,
  powerUnder,
  profileOf,
  type ProfileEstimate,
  RTX_4090,
} from '@spillway/core';
import { knownProfile, type LocalSpec } from '../deployment.ts';
import { BatchingEngine } from '../engine/batching-engine.ts';
import { type Engine, newSequence, type Sequence } from '../engine/engine.ts';
import { SerialEngine } from '../engine/serial-engine.ts';
import { Backend, type Began } from './backend.ts';
import type { Holding, SimJob } from './sim-job.ts';

export interface LocalOptions {
  /** Whether the scheduler is told the engine's constants or has to learn them from completions. */
  readonly profiles: 'known' | 'learned';
  /** When jobs are bound to a backend: once it has room, or as they arrive, to wait in its engine's queue. */
  readonly binding: 'late' | 'arrival';
  readonly prefixBlockTokens: number;
}

/** Slots that never run out: an engine's own queue takes everything. */
const UNLIMITED = 1_000_000;

/** A worker with its engine. */
export class LocalBackend extends Backend {
  readonly location = 'local';
  readonly engine: Engine;
  readonly power: Power;
  readonly usdPerKwh: number;
  /** When the event queue will look at the engine again. */
  wakeAtMs: EpochMs = Number.POSITIVE_INFINITY;
  readonly #spec: LocalSpec;
  readonly #options: LocalOptions;
  readonly #kvCapacityTokens: number | undefined;
  #estimate: ProfileEstimate | undefined;
  #profile: EngineProfile;
  #prefillBusyUntilMs: EpochMs = 0;
  #view: BackendView | undefined;
  #meanPrompt = 0;
  #meanOutput = 0;
  /** Of running sequences: the engine's counters when they began. */
  readonly #began = new WeakMap<Sequence, { readonly busyMs: number; readonly sequenceMs: number }>();

  constructor(spec: LocalSpec, options: LocalOptions) {
    super(spec);
    this.#spec = spec;
    this.#options = options;
    this.power = powerUnder(spec.powerLimitPercent ?? 100);
    this.usdPerKwh = spec.usdPerKwh ?? 0;
    const known = knownProfile(spec);
    const { prefixBlockTokens } = options;
    const { engine } = spec;
    this.engine =
      engine.kind === 'batching'
        ? new BatchingEngine({ ...engine, profile: known, prefixBlockTokens })
        : new SerialEngine({ ...engine, prefixBlockTokens });
    this.#kvCapacityTokens = engine.kind === 'batching' ? engine.kvCapacityTokens : undefined;
    const { prefillFactor, decodeFactor } = known;
    if (options.profiles === 'learned')
      this.#estimate = openProfileEstimate({ ...RTX_4090, prefillFactor, decodeFactor });
    this.#profile = this.#estimate === undefined ? known : profileOf(this.#estimate);
  }

  /** Prefix blocks its cache has room for. */
  get prefixBlocks(): number {
    const { engine } = this.#spec;
    return engine.kind === 'serial'
      ? engine.cacheBlocks
      : Math.floor(engine.kvCapacityTokens / this.#options.prefixBlockTokens);
  }

  /** The next deadline among the pinned jobs it holds, and whose job that is. */
  #pinnedDue(nowMs: EpochMs): BackendView['pinnedDue'] {
    let next: BackendView['pinnedDue'];
    for (const { trace, tenantId, view } of this.jobs) {
      const atMs = view.deadlineAtMs;
      if (trace.pinned && atMs > nowMs && (next === undefined || atMs < next.atMs)) next = { atMs, tenantId };
    }
    return next;
  }

  /** Made anew when something has changed: of many backends most are as they were at the last plan. */
  view(nowMs: EpochMs): BackendView {
    if (this.#view === undefined || (this.#view.pinnedDue?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs)
      this.#view = this.#look(nowMs);
    return this.#view;
  }

  override hold(job: SimJob, holding: Holding): void {
    super.hold(job, holding);
    this.#view = undefined;
  }

  override release(job: SimJob, holding: Holding): void {
    super.release(job, holding);
    this.#view = undefined;
  }

  #look(nowMs: EpochMs): BackendView {
    const pinnedDue = this.#pinnedDue(nowMs);
    const isLate = this.#options.binding === 'late';
    const { baseMs, perSequenceMs } = this.#profile;
    const joulesPerToken = (this.power.busyWatts * (baseMs / this.slots + perSequenceMs)) / 1000;
    return {
      ...this.common(),
      location: 'local',
      slots: isLate ? this.slots : UNLIMITED,
      profile: this.#profile,
      energy: { joulesPerToken, usdPerKwh: this.usdPerKwh },
      prefillBusyUntilMs: this.#prefillBusyUntilMs,
      ...(pinnedDue !== undefined && { pinnedDue }),
      ...(this.#kvCapacityTokens === undefined ? {} : { contextTokens: this.#kvCapacityTokens }),
      ...(this.#kvCapacityTokens === undefined || !isLate
        ? {}
        : { kvCapacityTokens: this.#kvCapacityTokens }),
    };
  }

  /** Tokens of a prompt that will be computed here count against the time until its prefill is through. */
  expect(uncachedTokens: number, nowMs: EpochMs): void {
    const { perPrefillTokenMs, prefillFactor } = this.#profile;
    this.#prefillBusyUntilMs =
      Math.max(nowMs, this.#prefillBusyUntilMs) + (uncachedTokens * perPrefillTokenMs) / prefillFactor;
    this.#view = undefined;
  }

  begin(job: SimJob, nowMs: EpochMs): Began {
    const { inputTokens, outputTokens, prefix } = job.trace;
    const room =
      this.#kvCapacityTokens === undefined ? Number.POSITIVE_INFINITY : this.#kvCapacityTokens - 16;
    if (inputTokens >= room) return { kind: 'too-large' };
    // An engine ends an answer where its context ends.
    job.sequence = newSequence(job.index, inputTokens, Math.min(outputTokens, room - inputTokens), prefix);
    this.engine.enqueue(job.sequence, nowMs);
    if (this.#estimate !== undefined) this.#began.set(job.sequence, this.engine.counters);
    return { kind: 'in-engine' };
  }

  /** Learns from an answer how fast the engine is. */
  learn(sequence: Sequence): void {
    const began = this.#began.get(sequence);
    this.#began.delete(sequence);
    if (this.#estimate === undefined || began === undefined) return;
    const prefillTokens = sequence.promptTokens - sequence.cachedTokens;
    this.#meanPrompt += (prefillTokens - this.#meanPrompt) / 50;
    this.#meanOutput += (sequence.outputTokens - this.#meanOutput) / 50;
    const { busyMs, sequenceMs } = this.engine.counters;
    this.#estimate = learnProfile(this.#estimate, {
      prefillTokens,
      outputTokens: sequence.outputTokens,
      sequences: Math.max(1, (sequenceMs - began.sequenceMs) / Math.max(1, busyMs - began.busyMs)),
      joiningTokens: this.#meanPrompt,
      joiningOutputTokens: this.#meanOutput,
      durationMs: sequence.finishedAtMs - sequence.admittedAtMs,
      firstTokenMs: sequence.firstTokenAtMs - sequence.admittedAtMs,
    });
    this.#profile = profileOf(this.#estimate);
    this.#view = undefined;
  }
}
