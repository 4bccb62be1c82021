import type { BatchLease, BatchWork } from '@spillway/redis';
import { createWakeUp, limitReports, type Logger, type WakeUp } from '@spillway/service-kit';

export interface BatchWorkerOptions {
  readonly work: Pick<BatchWork, 'take'>;
  /** Does what is to be done for one batch, and gives it back. */
  readonly onBatch: (lease: BatchLease, signal: AbortSignal) => Promise<void>;
  /** Batches at once, now. */
  readonly concurrency: () => number;
  readonly logger: Logger;
}

/** A worker that dies is replaced after this long: its batches go on with somebody else. */
export const LEASE_MS = 5000;
/** Signals may be lost: the store is asked this often all the same. */
const LOOK_MS = 1000;

/**
 * Takes batches that are due, a few at once, and has their next thing done.
 *
 *     looking ──a batch is due──▶ working ──its lease is given back──▶ looking
 *        └─────────────stop: batches under way are given back───────────▶ stopped
 */
export class BatchWorker {
  readonly #options: BatchWorkerOptions;
  readonly #wakeUp: WakeUp = createWakeUp();
  readonly #active = new Set<Promise<void>>();
  readonly #report: (error: unknown) => void;

  constructor(options: BatchWorkerOptions) {
    this.#options = options;
    this.#report = limitReports(({ error, suppressed }) =>
      options.logger.warn({ event: 'batches.not_taken', error, suppressed }),
    );
  }

  /** Some batch may be due: look soon. */
  wake(): void {
    this.#wakeUp.wake();
  }

  /** Runs until the signal aborts, and resolves when every batch under way was given back. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const nextInMs =
        this.#active.size < this.#options.concurrency() ? await this.#takeOne(signal) : LOOK_MS;
      if (nextInMs > 0) await this.#wakeUp.next(Math.min(nextInMs, LOOK_MS), signal);
    }
    await Promise.all(this.#active);
  }

  /** Begins with the next batch that is due; gives how long to wait before asking again, in ms. */
  async #takeOne(signal: AbortSignal): Promise<number> {
    try {
      const taking = await this.#options.work.take(LEASE_MS);
      if (taking.kind === 'nothing-due') return taking.nextInMs ?? LOOK_MS;
      this.#begin(taking.lease, signal);
      return 0;
    } catch (error) {
      this.#report(error);
      return LOOK_MS;
    }
  }

  #begin(lease: BatchLease, signal: AbortSignal): void {
    const task = this.#options
      .onBatch(lease, signal)
      .catch((error: unknown) =>
        this.#options.logger.error({ event: 'batch.not_released', batch: lease.batchId, error }),
      )
      .finally(() => {
        this.#active.delete(task);
        this.#wakeUp.wake();
      });
    this.#active.add(task);
  }
}
