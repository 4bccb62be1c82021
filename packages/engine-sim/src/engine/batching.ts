import { BLOCK_TOKENS, blocksFor, KvBlocks } from './kv-blocks.ts';
import { stepMs, type StepProfile } from './profile.ts';
import type { Sequence } from './sequence.ts';

/** Tokens one step may compute; vLLM's `max_num_batched_tokens` on cards below 70 GiB. */
const STEP_TOKEN_BUDGET = 2_048;

export interface BatchingOptions {
  readonly profile: StepProfile;
  readonly maxNumSeqs: number;
  readonly kvCapacityTokens: number;
  /** Share of full speed the power limit leaves, in (0, 1]. */
  readonly speed: number;
}

/**
 * Continuous batching as vLLM's V1 scheduler does it, on a clock that only `advanceTo` moves.
 *
 *   waiting --(head of queue, a slot and its whole prompt fit)--> running --(last token)--> finished
 *      ^------------(KV cache full: the newest loses its KV)---------'
 *   waiting or running --(abort)--> aborted: slot and KV are free at once, also in the middle of a step
 *
 * Running sequences come first in a step, in order of admission; then the queue, strictly in order: a head that does
 * not fit blocks those behind it. A step that had to preempt admits nobody. A prompt is computed in chunks of what is
 * left of the step's token budget, but its KV blocks are taken whole at admission. Full blocks of a prompt that the KV
 * cache still holds are not computed again, but for the last token, which the answer begins with; blocks of an answer
 * are not looked for, because an answer's words are not the tokens of the next prompt here.
 */
export class BatchingEngine {
  readonly #options: BatchingOptions;
  readonly #kv: KvBlocks;
  readonly #waiting: Sequence[] = [];
  #running: Sequence[] = [];
  #nowMs = 0;
  #stepEndsAtMs: number | undefined;
  #peakRunning = 0;
  #peakInFlight = 0;
  #preemptions = 0;
  #generatedTokens = 0;
  #promptTokens = 0;
  #prefixQueries = 0;
  #prefixHits = 0;

  constructor(options: BatchingOptions) {
    this.#options = options;
    this.#kv = new KvBlocks(options.kvCapacityTokens);
  }

  get running(): number {
    return this.#running.length;
  }
  get waiting(): number {
    return this.#waiting.length;
  }
  /** Virtual milliseconds; the start of the step under way, if there is one. */
  get nowMs(): number {
    return this.#nowMs;
  }
  /** When the step under way ends; undefined while there is nothing to do. */
  get stepEndsAtMs(): number | undefined {
    return this.#stepEndsAtMs;
  }
  get peakRunning(): number {
    return this.#peakRunning;
  }
  /** The most requests it ever had at the same time, running or waiting: what a cap of its clients is held against. */
  get peakInFlight(): number {
    return this.#peakInFlight;
  }
  get preemptions(): number {
    return this.#preemptions;
  }
  /** All tokens generated, those of requests aborted later included. */
  get generatedTokens(): number {
    return this.#generatedTokens;
  }
  /** Prompt tokens of all requests that got past their prompt, each counted once. */
  get promptTokens(): number {
    return this.#promptTokens;
  }
  /** Prompt tokens that were looked for in the prefix cache, and those found. */
  get prefixQueries(): number {
    return this.#prefixQueries;
  }
  get prefixHits(): number {
    return this.#prefixHits;
  }
  get kvUsed(): number {
    return this.#kv.used;
  }
  get kvBlocks(): number {
    return this.#kv.total;
  }

  /** Puts a new sequence at the end of the queue; one that could never fit into the KV cache alone is a bug. */
  enqueue(sequence: Sequence): void {
    if (blocksFor(sequence.promptTokens + sequence.outputTokens) > this.#kv.total) {
      throw new Error('the sequence is larger than the whole KV cache');
    }
    this.#waiting.push(sequence);
    this.#peakInFlight = Math.max(this.#peakInFlight, this.#running.length + this.#waiting.length);
  }

  /** Takes a sequence out wherever it is; does nothing when it has ended. */
  abort(sequence: Sequence): void {
    if (sequence.phase === 'waiting') remove(this.#waiting, sequence);
    else if (sequence.phase === 'running') this.#leave(sequence);
    else return;
    sequence.phase = 'aborted';
  }

  /** Runs every step that ends by `targetMs` and returns what finished, in order; Infinity runs until idle. */
  advanceTo(targetMs: number): Sequence[] {
    const finished: Sequence[] = [];
    for (;;) {
      this.#stepEndsAtMs ??= this.#startStep();
      if (this.#stepEndsAtMs === undefined) {
        if (Number.isFinite(targetMs)) this.#nowMs = Math.max(this.#nowMs, targetMs);
        return finished;
      }
      if (this.#stepEndsAtMs > targetMs) return finished;
      this.#nowMs = this.#stepEndsAtMs;
      this.#stepEndsAtMs = undefined;
      this.#endStep(finished);
    }
  }

  resetCounters(): void {
    this.#peakRunning = this.#running.length;
    this.#peakInFlight = this.#running.length + this.#waiting.length;
    this.#preemptions = 0;
    this.#generatedTokens = 0;
    this.#promptTokens = 0;
    this.#prefixQueries = 0;
    this.#prefixHits = 0;
  }

  /** Decides what the next step works on; returns its end, or undefined when there is no work. */
  #startStep(): number | undefined {
    const step = { budget: STEP_TOKEN_BUDGET, sequences: 0, prefillTokens: 0 };
    const preemptionsBefore = this.#preemptions;
    for (let index = 0; index < this.#running.length && step.budget > 0; index += 1) {
      const sequence = this.#running[index];
      if (sequence === undefined || !this.#growKv(sequence, step.budget)) break;
      schedule(sequence, step);
    }
    if (this.#preemptions === preemptionsBefore) this.#admit(step);
    if (step.sequences === 0) return undefined;
    const lengthMs = stepMs(this.#options.profile, step.sequences, step.prefillTokens) / this.#options.speed;
    return this.#nowMs + lengthMs;
  }

  #admit(step: Step): void {
    while (step.budget > 0 && this.#running.length < this.#options.maxNumSeqs) {
      const head = this.#waiting[0];
      if (head === undefined) return;
      if (!this.#takeKv(head)) return;
      this.#waiting.shift();
      head.phase = 'running';
      head.admittedAtMs ??= this.#nowMs;
      this.#running.push(head);
      this.#peakRunning = Math.max(this.#peakRunning, this.#running.length);
      schedule(head, step);
    }
  }

  /** Takes the blocks of the whole prompt, those with its beginning from the cache; false when it does not fit. */
  #takeKv(head: Sequence): boolean {
    const tokens = head.promptTokens + head.generated;
    const found = this.#kv.find(head.prefixHashes.slice(0, Math.floor((tokens - 1) / BLOCK_TOKENS)));
    const missing = blocksFor(tokens) - found.length;
    if (this.#kv.cost(found, missing) > this.#kv.free) return false;
    this.#kv.share(found);
    head.blocks = [...found, ...this.#kv.take(missing)];
    head.rememberedBlocks = found.length;
    head.computed = found.length * BLOCK_TOKENS;
    if (head.admittedAtMs === undefined) {
      head.cachedTokens = head.computed;
      this.#prefixQueries += head.promptTokens;
      this.#prefixHits += head.cachedTokens;
    }
    return true;
  }

  /** Makes room for the tokens of the next step, from the newest if need be; false when it had to preempt itself. */
  #growKv(sequence: Sequence, budget: number): boolean {
    const tokens = Math.min(remaining(sequence), budget);
    const missing = blocksFor(sequence.computed + tokens) - sequence.blocks.length;
    if (missing <= 0) return true;
    while (missing > this.#kv.free) {
      const newest = this.#running.at(-1);
      if (newest === undefined) throw new Error('a running sequence is not among the running');
      this.#preempt(newest);
      if (newest === sequence) return false;
    }
    sequence.blocks = [...sequence.blocks, ...this.#kv.take(missing)];
    return true;
  }

  #preempt(sequence: Sequence): void {
    this.#leave(sequence);
    sequence.phase = 'waiting';
    sequence.computed = 0;
    this.#waiting.unshift(sequence);
    this.#preemptions += 1;
  }

  #endStep(finished: Sequence[]): void {
    let ended = false;
    for (const sequence of this.#running) {
      if (sequence.scheduled === 0) continue;
      sequence.computed += sequence.scheduled;
      sequence.scheduled = 0;
      this.#rememberPrompt(sequence);
      if (remaining(sequence) > 0) continue;
      if (sequence.firstTokenAtMs === undefined) {
        sequence.firstTokenAtMs = this.#nowMs;
        this.#promptTokens += sequence.promptTokens;
      }
      if (sequence.generated < sequence.outputTokens) {
        sequence.generated += 1;
        this.#generatedTokens += 1;
      }
      if (sequence.generated < sequence.outputTokens) continue;
      sequence.phase = 'finished';
      sequence.finishedAtMs = this.#nowMs;
      this.#giveKv(sequence);
      finished.push(sequence);
      ended = true;
    }
    if (ended) this.#running = this.#running.filter((sequence) => sequence.phase === 'running');
  }

  #leave(sequence: Sequence): void {
    remove(this.#running, sequence);
    this.#giveKv(sequence);
    sequence.scheduled = 0;
  }

  #giveKv(sequence: Sequence): void {
    this.#kv.give(sequence.blocks);
    sequence.blocks = [];
    sequence.rememberedBlocks = 0;
  }

  /** Blocks of the prompt are found by others once they are computed: at the end of a step, not in the middle. */
  #rememberPrompt(sequence: Sequence): void {
    const { prefixHashes, blocks } = sequence;
    const full = Math.min(Math.floor(sequence.computed / BLOCK_TOKENS), prefixHashes.length);
    for (let index = sequence.rememberedBlocks; index < full; index += 1) {
      const [block, hash] = [blocks[index], prefixHashes[index]];
      if (block !== undefined && hash !== undefined) this.#kv.remember(block, hash);
    }
    sequence.rememberedBlocks = Math.max(sequence.rememberedBlocks, full);
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
  const decoding = left === 1 && sequence.generated > 0;
  sequence.scheduled = Math.min(left, step.budget);
  step.budget -= sequence.scheduled;
  step.sequences += 1;
  if (!decoding) step.prefillTokens += sequence.scheduled;
}

function remove(list: Sequence[], sequence: Sequence): void {
  const index = list.indexOf(sequence);
  if (index < 0) throw new Error('the sequence is not where its phase says');
  list.splice(index, 1);
}
