import type { WorkerId } from '@spillway/core';
import type { LeaderElection, Leadership } from '@spillway/redis';
import { createWakeUp, every, type Logger, wait, type WakeUp } from '@spillway/service-kit';

import type { TickOutcome } from './run-tick-once.ts';

export interface SchedulerOptions {
  readonly id: WorkerId;
  readonly election: LeaderElection;
  readonly tick: (leadership: Leadership) => Promise<TickOutcome>;
  readonly duties: (leadership: Leadership) => Promise<void>;
  readonly logger: Logger;
  readonly onLeading: (leading: boolean) => void;
}

/** A leader that dies is replaced after at most its lease and one attempt: 4 s. */
const LEASE_MS = 3000;
const RENEW_MS = 1000;
const TICK_MS = 500;
/** Ticks at once after one whose plan was refused in part: a world that changes faster is met by the clock. */
const MOST_REPLANS = 3;
const DUTIES_MS = 1000;
/** A tick that takes longer, because there are thousands of lanes, rests twice as long: Redis is there for others, too. */
const SHORT_TICK_MS = 5;
const REST = 2;
/** What is under way, and the goodbye; a store that is away does not hold a scheduler back. */
const STOP_MS = 2000;

/**
 * The loop of one cell.
 *
 *     standby ──lease taken──▶ leading ──lease lost, deposed──▶ standby
 *        └────────stop──────▶ stopped ◀──stop: resign──┘
 *
 * Leading, it ticks on every wake-up and twice a second, and does its duties every second. A tick that left something
 * to do is followed by another one at once.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #wakeUp: WakeUp = createWakeUp();
  #leadership: Leadership | undefined;
  #replans = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  get leading(): boolean {
    return this.#leadership !== undefined;
  }

  /** Something changed: tick soon. Many calls make one tick. */
  wake(): void {
    this.#wakeUp.wake();
  }

  /** Runs until the signal aborts, then gives leadership back; ends at most two seconds later. */
  async run(signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const task = this.#runToEnd(signal)
      .catch((error: unknown) => this.#options.logger.warn({ event: 'scheduler.stop_failed', error }))
      .finally(() => ended.abort());
    if (!signal.aborted) {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    await Promise.race([task, wait(STOP_MS, ended.signal)]);
    this.#setLeadership(undefined);
  }

  async #runToEnd(signal: AbortSignal): Promise<void> {
    const { election, id, duties, logger } = this.#options;
    const failed =
      (event: `${string}.${string}`) =>
      ({ error }: { readonly error: unknown }) =>
        logger.warn({ event, error });
    await Promise.all([
      every(RENEW_MS, signal, () => this.#renew(), failed('election.failed')),
      every(DUTIES_MS, signal, () => this.#leadership && duties(this.#leadership), failed('duties.failed')),
      this.#ticks(signal, failed('tick.failed')),
    ]);
    if (this.leading) await election.resign(id);
  }

  async #renew(): Promise<void> {
    const askedAt = performance.now();
    const leadership = await this.#options.election.lead(this.#options.id, LEASE_MS);
    // An answer that took longer than the lease says nothing about now.
    this.#setLeadership(performance.now() - askedAt < LEASE_MS ? leadership : undefined);
  }

  async #ticks(signal: AbortSignal, onError: (failure: { readonly error: unknown }) => void): Promise<void> {
    await every(
      0,
      signal,
      async () => {
        await this.#wakeUp.next(TICK_MS, signal);
        const leadership = this.#leadership;
        if (leadership === undefined || signal.aborted) return;
        const startedAt = performance.now();
        const outcome = await this.#options.tick(leadership);
        if (outcome === 'deposed') this.#setLeadership(undefined);
        this.#replans = outcome === 'refused' ? this.#replans + 1 : 0;
        const replan = outcome === 'refused' && this.#replans <= MOST_REPLANS;
        if (replan || outcome === 'unfinished') this.wake();
        const tookMs = performance.now() - startedAt;
        if (tookMs > SHORT_TICK_MS) await wait(Math.min(TICK_MS, tookMs * REST), signal);
      },
      onError,
    );
  }

  #setLeadership(leadership: Leadership | undefined): void {
    const before = this.#leadership;
    this.#leadership = leadership;
    if ((before === undefined) === (leadership === undefined)) return;
    this.#options.logger.info({
      event: leadership === undefined ? 'leadership.lost' : 'leadership.taken',
      epoch: (leadership ?? before)?.epoch,
    });
    this.#options.onLeading(leadership !== undefined);
    if (leadership !== undefined) this.wake();
  }
}
