import { EventQueue } from '../events/event-queue.ts';
import type { Engine, EngineCounters, Sequence } from './engine.ts';
import { KvCache } from './kv-cache.ts';
import { SequenceQueue } from './sequence-queue.ts';

export interface SerialOptions {
  readonly perPrefillTokenMs: number;
  readonly perOutputTokenMs: number;
  /** Prefix blocks it remembers. */
  readonly cacheBlocks: number;
  readonly prefixBlockTokens: number;
}

/**
 * An engine reduced to its prefix cache: prompts are computed one after the other, only what is not cached of them, and
 * answers come at a fixed rate however many there are. It has no limit of sequences. Routers are ranked by it
 * (docs/scheduling.md#choice).
 */
export class SerialEngine implements Engine {
  readonly #options: SerialOptions;
  readonly #cache: KvCache;
  readonly #waiting = new SequenceQueue();
  readonly #answering = new EventQueue<Sequence>();
  #nowMs = 0;
  #computing: Sequence | undefined;
  #computedAtMs = Number.POSITIVE_INFINITY;
  #aborted = 0;
  #busyMs = 0;
  #promptTokens = 0;
  #cachedTokens = 0;
  #generatedTokens = 0;

  constructor(options: SerialOptions) {
    this.#options = options;
    this.#cache = new KvCache(options.cacheBlocks * options.prefixBlockTokens, options.prefixBlockTokens);
  }

  get running(): number {
    return (this.#computing === undefined ? 0 : 1) + this.#answering.length - this.#aborted;
  }
  get waiting(): number {
    return this.#waiting.length;
  }
  get kvUsed(): number {
    return 0;
  }
  get counters(): EngineCounters {
    return {
      preemptions: 0,
      busyMs: this.#busyMs,
      sequenceMs: this.#busyMs,
      promptTokens: this.#promptTokens,
      cachedTokens: this.#cachedTokens,
      generatedTokens: this.#generatedTokens,
    };
  }
  get nextAtMs(): number {
    if (this.#computing === undefined && this.#waiting.length > 0) return this.#nowMs;
    return Math.min(this.#computedAtMs, this.#answering.nextAtMs);
  }

  advanceTo(nowMs: number, finished: Sequence[]): void {
    for (;;) {
      if (this.#computing === undefined) this.#compute();
      const nextMs = Math.min(this.#computedAtMs, this.#answering.nextAtMs);
      if (nextMs > nowMs || nextMs === Number.POSITIVE_INFINITY) break;
      this.#nowMs = nextMs;
      if (this.#computedAtMs === nextMs) this.#answer();
      else this.#end(this.#answering.pop(), finished);
    }
    if (Number.isFinite(nowMs)) this.#nowMs = Math.max(this.#nowMs, nowMs);
  }

  enqueue(sequence: Sequence): void {
    this.#waiting.push(sequence);
  }

  abort(sequence: Sequence): void {
    if (sequence.phase === 'waiting') this.#waiting.remove(sequence);
    else if (sequence === this.#computing) {
      this.#computing = undefined;
      this.#computedAtMs = Number.POSITIVE_INFINITY;
    } else if (sequence.phase === 'running') this.#aborted += 1;
    else return;
    sequence.phase = 'aborted';
  }

  generatedBy({ phase, firstTokenAtMs, generated, outputTokens }: Sequence, nowMs: number): number {
    if (phase !== 'running' || Number.isNaN(firstTokenAtMs)) return generated;
    return Math.min(outputTokens, 1 + Math.floor((nowMs - firstTokenAtMs) / this.#options.perOutputTokenMs));
  }

  #compute(): void {
    const { head } = this.#waiting;
    if (head === undefined) return;
    this.#waiting.shift();
    const { entryTokens, total, blockTokens } = this.#cache;
    const found = this.#cache.find(head.prefix, head.prefix.length);
    head.entries = this.#cache.share(head.prefix, found);
    const blocksPerEntry = entryTokens / blockTokens;
    const fits = Math.min(head.prefix.length, total / blocksPerEntry);
    this.#cache.take((fits - found) * blocksPerEntry);
    for (const hash of head.prefix.slice(found, fits)) head.entries.push(this.#cache.remember(hash));
    this.#cache.give(fits * blocksPerEntry, head.entries);
    head.entries = [];
    head.cachedTokens = Math.min(found * entryTokens, head.promptTokens);
    head.phase = 'running';
    head.admittedAtMs = this.#nowMs;
    this.#promptTokens += head.promptTokens;
    this.#cachedTokens += head.cachedTokens;
    const lengthMs = (head.promptTokens - head.cachedTokens) * this.#options.perPrefillTokenMs;
    this.#busyMs += lengthMs;
    this.#computing = head;
    this.#computedAtMs = this.#nowMs + lengthMs;
  }

  #answer(): void {
    const sequence = this.#computing;
    this.#computing = undefined;
    this.#computedAtMs = Number.POSITIVE_INFINITY;
    if (sequence === undefined) return;
    sequence.firstTokenAtMs = this.#nowMs;
    const restMs = Math.max(0, sequence.outputTokens - 1) * this.#options.perOutputTokenMs;
    this.#answering.push(this.#nowMs + restMs, sequence);
  }

  #end(sequence: Sequence, finished: Sequence[]): void {
    if (sequence.phase === 'aborted') {
      this.#aborted -= 1;
      return;
    }
    sequence.phase = 'finished';
    sequence.generated = sequence.outputTokens;
    sequence.finishedAtMs = this.#nowMs;
    this.#generatedTokens += sequence.outputTokens;
    finished.push(sequence);
  }
}
