import { FIRST_TOKEN_BUCKETS_SECONDS, Histogram, REQUEST_BUCKETS_SECONDS } from './histogram.ts';
import type { Sequence } from './sequence.ts';
import type { FinishReason } from './ticket.ts';

/** Counts requests and their times; times are virtual seconds, what the engine itself would have measured. */
export class EngineMeter {
  readonly firstTokenSeconds = new Histogram(FIRST_TOKEN_BUCKETS_SECONDS);
  readonly requestSeconds = new Histogram(REQUEST_BUCKETS_SECONDS);
  readonly queueSeconds = new Histogram(REQUEST_BUCKETS_SECONDS);
  readonly finished: Record<FinishReason, number> = { stop: 0, length: 0 };
  #admitted = 0;
  #aborted = 0;

  get admitted(): number {
    return this.#admitted;
  }
  get aborted(): number {
    return this.#aborted;
  }
  get completed(): number {
    return this.finished.stop + this.finished.length;
  }

  recordAdmitted(): void {
    this.#admitted += 1;
  }

  recordAborted(): void {
    this.#aborted += 1;
  }

  recordFinished(sequence: Readonly<Sequence>, reason: FinishReason): void {
    const { arrivedAtMs, admittedAtMs, firstTokenAtMs, finishedAtMs } = sequence;
    if (admittedAtMs === undefined || firstTokenAtMs === undefined || finishedAtMs === undefined) {
      throw new Error('a finished sequence lacks its times');
    }
    this.finished[reason] += 1;
    this.queueSeconds.observe((admittedAtMs - arrivedAtMs) / 1_000);
    this.firstTokenSeconds.observe((firstTokenAtMs - arrivedAtMs) / 1_000);
    this.requestSeconds.observe((finishedAtMs - arrivedAtMs) / 1_000);
  }

  /** Starts anew with this many requests in the engine, so that admitted stays the sum of all that became of them. */
  reset(inEngine: number): void {
    this.#admitted = inEngine;
    this.#aborted = 0;
    this.finished.stop = 0;
    this.finished.length = 0;
    for (const histogram of [this.firstTokenSeconds, this.requestSeconds, this.queueSeconds])
      histogram.reset();
  }
}
