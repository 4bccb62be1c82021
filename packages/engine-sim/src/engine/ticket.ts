import type { Pace, PaceEnd } from './pace.ts';
import type { Sequence } from './sequence.ts';

export type FinishReason = 'stop' | 'length';

/** One submitted request as its HTTP handler sees it: how far it is and how it ends. */
export class Ticket implements Pace {
  readonly sequence: Readonly<Sequence>;
  readonly finishReason: FinishReason;
  readonly #ended: Promise<PaceEnd>;
  readonly #settle: (end: PaceEnd) => void;
  #isEnded = false;
  #waiter: { readonly beyond: number; readonly resolve: () => void } | undefined;

  constructor(sequence: Readonly<Sequence>, finishReason: FinishReason) {
    const { promise, resolve } = Promise.withResolvers<PaceEnd>();
    this.sequence = sequence;
    this.finishReason = finishReason;
    this.#ended = promise;
    this.#settle = resolve;
  }

  ended(): Promise<PaceEnd> {
    return this.#ended;
  }

  async progressBeyond(count: number): Promise<number> {
    if (this.sequence.generated <= count && !this.#isEnded) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiter = { beyond: count, resolve };
      await promise;
    }
    return this.sequence.generated;
  }

  /** Wakes whoever waits for progress that has happened; called by the loop after it moved the clock. */
  notify(): void {
    if (this.#waiter === undefined) return;
    if (!this.#isEnded && this.sequence.generated <= this.#waiter.beyond) return;
    this.#waiter.resolve();
    this.#waiter = undefined;
  }

  end(how: PaceEnd): void {
    this.#isEnded = true;
    this.#settle(how);
    this.notify();
  }
}
