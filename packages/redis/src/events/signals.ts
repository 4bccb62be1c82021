import type { BackendId, JobId } from '@spillway/core';
import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';

/**
 * Hints between processes over pub/sub. Any of them may be lost: whoever listens also looks at the record now and
 * then, which is the truth.
 */
export interface Signals {
  /** Something the scheduler should look at: an arrival, an end, a backend with other slots. */
  onWake(listener: () => void): Promise<() => void>;
  /** Jobs were dispatched to this backend: its workers may claim them. */
  onDispatched(listener: (backendId: BackendId) => void): Promise<() => void>;
  /** A job ended. */
  onEnded(listener: (id: JobId) => void): Promise<() => void>;
  /** A running attempt lost its lease because somebody ended the job; its worker should stop. */
  onCancel(listener: (id: JobId) => void): Promise<() => void>;
  /** A batch that a batch-worker should look at. */
  onBatch(listener: () => void): Promise<() => void>;
}

/** @param subscriber a connection used for nothing else */
export function createSignals(subscriber: Redis, keys: Keys): Signals {
  const listeners = new Map<string, Set<(message: string) => void>>();
  subscriber.on('message', (channel: string, message: string) => {
    for (const listener of listeners.get(channel) ?? []) listener(message);
  });
  // Every new connection begins without subscriptions. One that refuses them is no use: the next one is asked again.
  const subscribeAgain = async (): Promise<void> => {
    if (listeners.size === 0) return;
    try {
      await subscriber.subscribe(...listeners.keys());
    } catch {
      if (subscriber.status === 'ready') subscriber.disconnect(true);
    }
  };
  subscriber.on('ready', () => void subscribeAgain());
  const listen = async (channel: string, listener: (message: string) => void): Promise<() => void> => {
    const known = listeners.get(channel) ?? new Set();
    known.add(listener);
    listeners.set(channel, known);
    await subscriber.subscribe(channel);
    return () => {
      known.delete(listener);
    };
  };
  return {
    onWake: (listener) => listen(keys.wakeChannel, () => listener()),
    onDispatched: (listener) => listen(keys.dispatchedChannel, (id) => listener(id as BackendId)),
    onEnded: (listener) => listen(keys.endedChannel, (id) => listener(id as JobId)),
    onCancel: (listener) => listen(keys.cancelChannel, (id) => listener(id as JobId)),
    onBatch: (listener) => listen(keys.batchesChannel, () => listener()),
  };
}
