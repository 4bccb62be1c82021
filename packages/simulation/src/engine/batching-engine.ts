import type { EngineProfile } from '@spillway/core';
import { decodeSteps } from './decode-run.ts';
import type { Engine, EngineCounters, Sequence } from './engine.ts';
import { KvCache } from './kv-cache.ts';
import { SequenceQueue } from './sequence-queue.ts';

/** Tokens one step may compute; vLLM's `max_num_batched_tokens` on cards below 70 GiB. */
const STEP_TOKEN_BUDGET = 2048;

type StepProfile = Pick<
  EngineProfile,
  'baseMs' | 'perSequenceMs' | 'perPrefillTokenMs' | 'prefillFactor' | 'decodeFactor'
>;

export interface BatchingOptions {
  readonly profile: StepProfile;
  readonly maxSequences: number;
  readonly kvCapacityTokens: number;
  /** Prompt tokens that one hash of a prefix stands for. */
  readonly prefixBlockTokens: number;
  /** Tokens per block of the KV cache; 16 unless given, as in vLLM. */
  readonly kvBlockTokens?: number | undefined;
}

/**
 * Continuous batching as vLLM's V1 scheduler does it, step by step as engine-sim has it, but without doing each step:
 * while a batch only decodes, the steps until something happens are one run.
 *
 *   waiting --(head of queue, a slot and its whole prompt fit)--> running --(last token)--> finished
 *      ^------------(KV cache full: the newest loses its KV)---------'
 *
 * Running sequences come first in a step, in order of admission; then the queue, strictly in order. A step that had to
 * preempt admits nobody. During a run nothing is freed, so a head that does not fit at its beginning fits at no step of
 * it; an arrival that might fit ends the run with the step under way.
 */
export class BatchingEngine implements Engine {
  readonly #options: BatchingOptions;
  readonly #kv: KvCache;
  readonly #waiting = new SequenceQueue();
  #running: Sequence[] = [];
  #nowMs = 0;
  /** The run under way, from `#nowMs`: 0 steps when there is none. */
  #steps = 0;
  #stepMs = 0;
  #preemptions = 0;
  #busyMs = 0;
  #sequenceMs = 0;
  #generatedTokens = 0;
  #promptTokens = 0;
  #cachedTokens = 0;

  constructor(options: BatchingOptions) {
    this.#options = options;
    this.#kv = new KvCache(options.kvCapacityTokens, options.prefixBlockTokens, options.kvBlockTokens);
  }

  get running(): number {
    return this.#running.length;
  }
  get waiting(): number {
    return this.#waiting.length;
  }
  get kvUsed(): number {
    return this.#kv.used;
  }
  get counters(): EngineCounters {
    return {
      preemptions: this.#preemptions,
      busyMs: this.#busyMs,
      sequenceMs: this.#sequenceMs,
      promptTokens: this.#promptTokens,
      cachedTokens: this.#cachedTokens,
      generatedTokens: this.#generatedTokens,
    };
  }
  get nextAtMs(): number {
    if (this.#steps > 0) return this.#nowMs + this.#steps * this.#stepMs;
    return this.#waiting.length > 0 || this.#running.length > 0 ? this.#nowMs : Number.POSITIVE_INFINITY;
  }

  advanceTo(nowMs: number, finished: Sequence[]): void {
    for (;;) {
      if (this.#steps === 0 && !this.#startRun()) {
        if (Number.isFinite(nowMs)) this.#nowMs = Math.max(this.#nowMs, nowMs);
        return;
      }
      const endMs = this.#nowMs + this.#steps * this.#stepMs;
      if (endMs > nowMs) return;
      this.#endRun(endMs, finished);
    }
  }

  enqueue(sequence: Sequence, nowMs: number): void {
    if (this.#kv.blocksFor(sequence.promptTokens + sequence.outputTokens) > this.#kv.total) {
      throw new Error('the sequence is larger than the whole KV cache');
    }
    const mightFit = this.#waiting.length === 0 && this.#running.length < this.#options.maxSequences;
    if (mightFit && this.#steps > 1) this.#steps = this.#stepsBegun(nowMs);
    this.#waiting.push(sequence);
  }

  abort(sequence: Sequence, nowMs: number): void {
    if (sequence.phase === 'waiting') {
      this.#waiting.remove(sequence);
      this.#interrupt(nowMs);
    } else if (sequence.phase === 'running') {
      this.#interrupt(nowMs);
      this.#leave(sequence);
    } else return;
    sequence.phase = 'aborted';
  }

  generatedBy(sequence: Sequence, nowMs: number): number {
    if (sequence.phase !== 'running' || this.#steps <= 1) return sequence.generated;
    return sequence.generated + this.#stepsBegun(nowMs) - 1;
  }

  /** Steps of the run that have begun by now, the one under way included. */
  #stepsBegun(nowMs: number): number {
    return Math.min(this.#steps, Math.floor((nowMs - this.#nowMs) / this.#stepMs) + 1);
  }

  /** Leaves of the run only the step under way, so that what changes now counts from the next one on. */
  #interrupt(nowMs: number): void {
    if (this.#steps <= 1) return;
    const done = this.#stepsBegun(nowMs) - 1;
    if (done > 0) {
      const stepMs = this.#stepMs;
      this.#steps = done;
      this.#endRun(this.#nowMs + done * stepMs, []);
      this.#stepMs = stepMs;
      for (const sequence of this.#running) {
        this.#growKv(sequence, 1);
        sequence.scheduled = 1;
      }
    }
    this.#steps = 1;
  }

  /** Decides what the next step works on, and how many there are like it; false when there is no work. */
  #startRun(): boolean {
    const step = { budget: STEP_TOKEN_BUDGET, sequences: 0, prefillTokens: 0 };
    const preemptionsBefore = this.#preemptions;
    for (let index = 0; index < this.#running.length && step.budget > 0; index += 1) {
      const sequence = this.#running[index];
      if (sequence === undefined || !this.#growKv(sequence, Math.min(remaining(sequence), step.budget)))
        break;
      schedule(sequence, step);
    }
    const hasPreempted = this.#preemptions > preemptionsBefore;
    if (!hasPreempted) this.#admit(step);
    if (step.sequences === 0) return false;
    const { baseMs, perSequenceMs, perPrefillTokenMs, prefillFactor, decodeFactor } = this.#options.profile;
    this.#stepMs =
      (baseMs + perSequenceMs * step.sequences) / decodeFactor +
      (perPrefillTokenMs * step.prefillTokens) / prefillFactor;
    const onlyDecodes =
      !hasPreempted && step.prefillTokens === 0 && step.sequences === this.#running.length && step.budget > 0;
    this.#steps = onlyDecodes ? decodeSteps(this.#running, this.#kv.free, this.#kv.blockTokens) : 1;
    return true;
  }

  #admit(step: Step): void {
    while (step.budget > 0 && this.#running.length < this.#options.maxSequences) {
      const { head } = this.#waiting;
      if (head === undefined || !this.#takeKv(head)) return;
      this.#waiting.shift();
      head.phase = 'running';
      if (Number.isNaN(head.admittedAtMs)) {
        head.admittedAtMs = this.#nowMs;
        head.cachedTokens = head.computed;
        this.#cachedTokens += head.computed;
        this.#promptTokens += head.promptTokens;
      }
      this.#running.push(head);
      schedule(head, step);
    }
  }

  /** Takes the blocks of the whole prompt, those with its beginning from the cache; false when it does not fit. */
  #takeKv(head: Sequence): boolean {
    const tokens = head.promptTokens + head.generated;
    const { entryTokens } = this.#kv;
    const found = this.#kv.find(head.prefix, Math.floor((tokens - 1) / entryTokens));
    const computed = found * entryTokens;
    const blocks = this.#kv.blocksFor(tokens);
    const missing = blocks - computed / this.#kv.blockTokens;
    if (this.#kv.cost(head.prefix, found, missing) > this.#kv.free) return false;
    head.entries = this.#kv.share(head.prefix, found);
    this.#kv.take(missing);
    head.blocks = blocks;
    head.computed = computed;
    return true;
  }

  /** Makes room for so many tokens, from the newest if need be; false when it had to preempt the sequence itself. */
  #growKv(sequence: Sequence, tokens: number): boolean {
    const missing = this.#kv.blocksFor(sequence.computed + tokens) - sequence.blocks;
    if (missing <= 0) return true;
    while (missing > this.#kv.free) {
      const newest = this.#running.at(-1);
      if (newest === undefined) throw new Error('a running sequence is not among the running');
      this.#preempt(newest);
      if (newest === sequence) return false;
    }
    this.#kv.take(missing);
    sequence.blocks += missing;
    return true;
  }

  #preempt(sequence: Sequence): void {
    this.#leave(sequence);
    sequence.phase = 'waiting';
    sequence.computed = 0;
    this.#waiting.unshift(sequence);
    this.#preemptions += 1;
  }

  #endRun(endMs: number, finished: Sequence[]): void {
    const steps = this.#steps;
    this.#busyMs += endMs - this.#nowMs;
    this.#nowMs = endMs;
    this.#steps = 0;
    let ended = false;
    if (steps > 1) for (const sequence of this.#running) this.#growKv(sequence, steps);
    for (const sequence of this.#running) {
      if (sequence.scheduled === 0) continue;
      this.#sequenceMs += steps * this.#stepMs;
      sequence.computed += sequence.scheduled * steps;
      sequence.scheduled = 0;
      if (sequence.entries.length < sequence.prefix.length) this.#remember(sequence);
      if (remaining(sequence) > 0) continue;
      if (Number.isNaN(sequence.firstTokenAtMs)) sequence.firstTokenAtMs = endMs;
      const generated = Math.min(steps, sequence.outputTokens - sequence.generated);
      sequence.generated += generated;
      this.#generatedTokens += generated;
      if (sequence.generated < sequence.outputTokens) continue;
      sequence.phase = 'finished';
      sequence.finishedAtMs = endMs;
      this.#giveKv(sequence);
      finished.push(sequence);
      ended = true;
    }
    if (ended) this.#running = this.#running.filter(({ phase }) => phase === 'running');
  }

  #leave(sequence: Sequence): void {
    this.#running.splice(this.#running.indexOf(sequence), 1);
    this.#giveKv(sequence);
    sequence.scheduled = 0;
  }

  #giveKv(sequence: Sequence): void {
    this.#kv.give(sequence.blocks, sequence.entries);
    sequence.blocks = 0;
    sequence.entries = [];
  }

  /** Blocks of the prompt are found by others once they are computed: at the end of a step. */
  #remember(sequence: Sequence): void {
    const { prefix, entries, computed, promptTokens } = sequence;
    const full = Math.floor(Math.min(computed, promptTokens) / this.#kv.entryTokens);
    for (let index = entries.length; index < Math.min(full, prefix.length); index += 1) {
      const hash = prefix[index];
      if (hash !== undefined) entries.push(this.#kv.remember(hash));
    }
  }
}

interface Step {
  budget: number;
  sequences: number;
  prefillTokens: number;
}

/** Tokens still to compute before the next one can be generated: 1 while decoding. */
const remaining = (sequence: Sequence): number =>
  sequence.promptTokens + sequence.generated - sequence.computed;

function schedule(sequence: Sequence, step: Step): void {
  const left = remaining(sequence);
  sequence.scheduled = Math.min(left, step.budget);
  step.budget -= sequence.scheduled;
  step.sequences += 1;
  if (left !== 1 || sequence.generated === 0) step.prefillTokens += sequence.scheduled;
}
