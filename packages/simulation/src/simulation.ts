import type { BackendId, EpochMs } from '@spillway/core';
import type { Deployment } from './deployment.ts';
import type { Sequence } from './engine/engine.ts';
import { EventQueue } from './events/event-queue.ts';
import { Series } from './outcome/series.ts';
import { createWorld } from './policies/create-world.ts';
import type { Decider, Decision, Policy } from './policies/policy.ts';
import type { FullOptions } from './simulation-options.ts';
import type { Backend } from './state/backend.ts';
import { Cell } from './state/cell.ts';
import { CloudBackend } from './state/cloud-backend.ts';
import { LocalBackend } from './state/local-backend.ts';
import { indexOf, type SimJob } from './state/sim-job.ts';
import type { TraceJob } from './trace-job.ts';
import { seededRandom } from './traces/seeded-random.ts';

type Event =
  | { readonly kind: 'tick' }
  | { readonly kind: 'engine'; readonly backend: LocalBackend }
  | { readonly kind: 'begin' | 'retry' | 'deadline'; readonly job: SimJob }
  | {
      readonly kind: 'failed';
      readonly job: SimJob;
      readonly attempt: number;
      readonly availableAtMs: EpochMs;
    }
  | {
      readonly kind: 'answered';
      readonly job: SimJob;
      readonly attempt: number;
      readonly firstTokenAtMs: EpochMs;
    };

/** Decisions in a row in one instant, for those that have more to give. */
const MOST_ROUNDS = 10_000;
/** With everybody idle and every deadline this long past, whoever still waits waits for nothing. */
const PATIENCE_MS = 3_600_000;

/**
 * One policy over one trace. Jobs arrive, wait in lanes, are decided on in ticks, run on models of engines and clouds,
 * and settle; the clock jumps from event to event.
 */
export class Simulation {
  readonly series = new Series();
  readonly backends: readonly Backend[];
  readonly cell: Cell;
  plans = 0;
  flips = 0;
  nowMs: EpochMs = 0;
  readonly #options: FullOptions;
  readonly #decider: Decider;
  readonly #events = new EventQueue<Event>();
  #overflowing: ReadonlyMap<string, EpochMs> = new Map();
  #tickAtMs = Number.POSITIVE_INFINITY;
  #lastTickMs = Number.NEGATIVE_INFINITY;
  #lastDeadlineMs = 0;
  #hasMore = true;

  constructor(deployment: Deployment, policy: Policy, options: FullOptions) {
    this.#options = options;
    const { profiles, seed } = options;
    const local = {
      profiles,
      binding: policy.binding,
      prefixBlockTokens: policy.scheduling.prefixBlockTokens,
    };
    this.backends = deployment.backends.map((spec) =>
      spec.location === 'local'
        ? new LocalBackend(spec, local)
        : new CloudBackend(spec, profiles, seededRandom(seed, `cloud ${spec.id}`)),
    );
    const byId = new Map<BackendId, Backend>(this.backends.map((backend) => [backend.id, backend]));
    this.cell = new Cell(deployment, policy, options, byId);
    const world = createWorld(byId, this.cell, seededRandom(seed, 'policy'), () => this.nowMs);
    this.#decider = policy.open(world);
  }

  /** Runs the whole trace, which must be in the order of arrival, until every job has ended. */
  run(trace: Iterable<TraceJob>): void {
    const arrivals = trace[Symbol.iterator]();
    let arrival = arrivals.next();
    for (let happened = 0; ; happened += 1) {
      if (happened % 4096 === 0) this.#options.signal?.throwIfAborted();
      this.#hasMore = arrival.done !== true;
      if (!this.#hasMore && this.cell.live.size === 0) return;
      const arrivesAtMs = arrival.done === true ? Number.POSITIVE_INFINITY : arrival.value.atMs;
      const nextAtMs = Math.min(arrivesAtMs, this.#events.nextAtMs);
      if (nextAtMs === Number.POSITIVE_INFINITY)
        throw new Error('jobs wait, but nothing will happen any more');
      if (nextAtMs < this.nowMs) throw new Error('a trace is not in the order of arrival');
      while (this.series.nextAtMs <= nextAtMs) this.#sample();
      this.nowMs = nextAtMs;
      if (arrival.done !== true && arrivesAtMs <= this.#events.nextAtMs) {
        this.#arrive(arrival.value);
        arrival = arrivals.next();
      } else this.#handle(this.#events.pop());
    }
  }

  #arrive(trace: TraceJob): void {
    const job = this.cell.submit(trace);
    const { deadlineAtMs } = job.view;
    this.#lastDeadlineMs = Math.max(this.#lastDeadlineMs, deadlineAtMs);
    if (this.#options.late === 'expire') this.#events.push(deadlineAtMs, { kind: 'deadline', job });
    this.#decider.arrive?.(job.tenantId);
    this.cell.enqueue(job);
    this.#requestTick();
  }

  #handle(event: Event): void {
    switch (event.kind) {
      case 'tick':
        if (this.#tickAtMs === this.nowMs) this.#tick();
        return;
      case 'engine':
        if (event.backend.wakeAtMs === this.nowMs) this.#advance(event.backend);
        return;
      case 'begin':
        this.#begin(event.job);
        return;
      case 'retry':
        if (event.job.state !== 'retrying') return;
        this.cell.enqueue(event.job);
        this.#requestTick();
        return;
      case 'deadline':
        if (event.job.state !== 'ended') this.#end(event.job, 'expired');
        return;
      case 'failed':
        if (!isUnderWay(event)) return;
        this.cell.fail(event.job);
        this.#events.push(event.availableAtMs, { kind: 'retry', job: event.job });
        return;
      case 'answered':
        if (isUnderWay(event)) this.#answer(event.job, event.firstTokenAtMs);
    }
  }

  #requestTick(): void {
    this.#tickNoLaterThan(Math.max(this.nowMs, this.#lastTickMs + this.#options.tickMs));
  }

  #tickNoLaterThan(atMs: EpochMs): void {
    if (this.#tickAtMs <= atMs) return;
    this.#tickAtMs = atMs;
    this.#events.push(atMs, { kind: 'tick' });
  }

  #tick(): void {
    this.#tickAtMs = Number.POSITIVE_INFINITY;
    this.#lastTickMs = this.nowMs;
    const { lanes } = this.cell;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      if (lanes.depth === 0 && this.#overflowing.size === 0) return;
      const decision = this.#decider.decide(this.cell.snapshot(this.nowMs, this.#overflowing));
      this.plans += 1;
      if (this.#apply(decision) === 0 || !decision.unfinished) break;
    }
    if (lanes.depth === 0 && this.#overflowing.size === 0) return;
    const isHopeless =
      !this.#hasMore && this.cell.held === 0 && this.nowMs > this.#lastDeadlineMs + PATIENCE_MS;
    if (isHopeless) for (const job of lanes.all()) this.#end(job, 'expired');
    else this.#tickNoLaterThan(this.nowMs + this.#options.intervalMs);
  }

  /** Returns how many assignments were good. */
  #apply({ assignments, rejections, looked, overflowing }: Decision): number {
    let applied = 0;
    for (const assignment of assignments) {
      const job = this.cell.commit(assignment, this.nowMs);
      if (job === undefined) continue;
      applied += 1;
      this.#events.push(this.nowMs + this.#options.dispatchMs, { kind: 'begin', job });
    }
    for (const rejection of rejections) {
      const job = this.cell.live.get(indexOf(rejection.job.id));
      if (job?.state === 'waiting') this.cell.end(job, 'rejected', this.nowMs);
    }
    for (const id of looked) {
      const job = this.cell.live.get(indexOf(id));
      if (job !== undefined) job.isFresh = false;
    }
    for (const group of overflowing.keys()) if (!this.#overflowing.has(group)) this.flips += 1;
    for (const group of this.#overflowing.keys()) if (!overflowing.has(group)) this.flips += 1;
    this.#overflowing = overflowing;
    return applied;
  }

  #begin(job: SimJob): void {
    const { nowMs } = this;
    if (job.state !== 'held' || job.holding === undefined) return;
    const { backend } = job.holding;
    job.beganAtMs = nowMs;
    const attempt = job.attempts;
    if (backend instanceof LocalBackend) this.#advance(backend);
    const began = backend.begin(job, nowMs);
    switch (began.kind) {
      case 'in-engine':
        if (backend instanceof LocalBackend) this.#wake(backend);
        return;
      case 'too-large':
        this.#end(job, 'rejected');
        return;
      case 'fails':
        this.#events.push(began.atMs, { kind: 'failed', job, attempt, availableAtMs: began.availableAtMs });
        return;
      case 'answers':
        this.#events.push(began.finishedAtMs, {
          kind: 'answered',
          job,
          attempt,
          firstTokenAtMs: began.firstTokenAtMs,
        });
    }
  }

  #answer(job: SimJob, firstTokenAtMs: EpochMs): void {
    const backend = job.holding?.backend;
    const beganAtMs = job.beganAtMs ?? firstTokenAtMs;
    if (backend instanceof CloudBackend)
      backend.learn(job.trace.outputTokens, this.nowMs - beganAtMs, firstTokenAtMs - beganAtMs);
    this.#settle(job, firstTokenAtMs);
  }

  #advance(backend: LocalBackend): void {
    const finished: Sequence[] = [];
    backend.engine.advanceTo(this.nowMs, finished);
    this.#wake(backend);
    for (const sequence of finished) {
      const job = this.cell.live.get(sequence.owner);
      if (job === undefined) throw new Error('an engine finished a job that has ended');
      backend.learn(sequence);
      this.#settle(job, sequence.firstTokenAtMs);
    }
  }

  #wake(backend: LocalBackend): void {
    const { nextAtMs } = backend.engine;
    if (nextAtMs === backend.wakeAtMs) return;
    backend.wakeAtMs = nextAtMs;
    if (nextAtMs !== Number.POSITIVE_INFINITY) this.#events.push(nextAtMs, { kind: 'engine', backend });
  }

  #settle(job: SimJob, firstTokenAtMs: EpochMs): void {
    this.#decider.settle?.(job.tenantId, job.view.id, job.trace.outputTokens);
    this.cell.settle(job, firstTokenAtMs, this.nowMs);
    this.#requestTick();
  }

  #end(job: SimJob, end: 'expired' | 'rejected'): void {
    const backend = job.holding?.backend;
    // Its engine first goes on to this instant, and may just have finished it.
    if (backend instanceof LocalBackend) this.#advance(backend);
    if (job.state === 'ended') return;
    this.cell.end(job, end, this.nowMs);
    if (backend instanceof LocalBackend) this.#wake(backend);
    this.#requestTick();
  }

  #sample(): void {
    const { cell, series } = this;
    const atMs = series.nextAtMs;
    let watts = 0;
    for (const backend of this.backends) {
      if (!(backend instanceof LocalBackend)) continue;
      const { power, engine } = backend;
      watts += engine.running > 0 ? power.busyWatts : power.idleWatts;
    }
    const { missed, completed, cloudUsd, held } = cell;
    const waiting = cell.lanes.depth;
    series.add({
      atMs,
      waiting,
      running: held,
      missed,
      completed,
      cloudUsd,
      watts,
      served: [...cell.served],
    });
  }
}

const isUnderWay = ({ job, attempt }: { readonly job: SimJob; readonly attempt: number }): boolean =>
  job.state === 'held' && job.attempts === attempt;
