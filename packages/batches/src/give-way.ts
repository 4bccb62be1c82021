import { setImmediate } from 'node:timers/promises';

/** Work of some ms at a time: heartbeats and other requests of the process get their turn between. */
export interface Pacer {
  isDue(): boolean;
  /** One turn of the event loop; rejects with the signal's reason when that aborted. */
  giveWay(): Promise<void>;
}

/** Without it, a source that has its chunks ready at once would keep the process to itself. */
export function createPacer(signal: AbortSignal): Pacer {
  let since = performance.now();
  return {
    isDue: () => performance.now() - since >= TURN_MS,
    giveWay: async () => {
      signal.throwIfAborted();
      await setImmediate();
      signal.throwIfAborted();
      since = performance.now();
    },
  };
}

const TURN_MS = 4;
