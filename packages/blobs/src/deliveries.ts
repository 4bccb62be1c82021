import type { BlockPool } from './block-pool.ts';

/** Blocks on their way out, a bounded number at a time. */
export interface Deliveries extends AsyncDisposable {
  /** A block to fill; waits for the oldest delivery when all are on their way, and rejects when that failed. */
  freeBlock(): Promise<Uint8Array>;
  start(block: Uint8Array, delivery: Promise<void>): void;
  allDone(): Promise<void>;
}

/** Disposing waits for every delivery to settle; a failure that nobody waited for is dropped there. */
export function openDeliveries(inFlight: number, pool: BlockPool): Deliveries {
  const running: { readonly block: Uint8Array; readonly delivery: Promise<void> }[] = [];
  const finishOldest = async (): Promise<void> => {
    const [oldest] = running;
    if (!oldest) return;
    await oldest.delivery;
    running.shift();
    // a block whose delivery failed is not given back: the medium may hold on to it
    pool.give(oldest.block);
  };
  return {
    freeBlock: async () => {
      if (running.length >= inFlight) await finishOldest();
      return pool.take();
    },
    start: (block, delivery) => {
      // it may fail before anyone waits for it
      delivery.catch(() => undefined);
      running.push({ block, delivery });
    },
    allDone: async () => {
      while (running.length > 0) await finishOldest();
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled(running.map(({ delivery }) => delivery));
    },
  };
}
