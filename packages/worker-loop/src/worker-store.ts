import type { DispatchHint } from '@spillway/contracts';
import type { BackendId, JobId } from '@spillway/core';
import {
  type Cell,
  createClaimJob,
  createDispatchConsumer,
  createHeartbeat,
  createLeave,
  createSettleJob,
  createSignals,
  type DispatchConsumer,
} from '@spillway/redis';

/** What a worker needs of the store. */
export interface WorkerStore {
  readonly claim: ReturnType<typeof createClaimJob>;
  readonly settle: ReturnType<typeof createSettleJob>;
  readonly heartbeat: ReturnType<typeof createHeartbeat>;
  readonly leave: ReturnType<typeof createLeave>;
  consume(options: {
    readonly backendId: BackendId;
    readonly concurrency: number;
    readonly handle: (hint: DispatchHint) => Promise<void>;
    readonly onError: (error: Error) => void;
  }): DispatchConsumer;
  onCancel(listener: (id: JobId) => void): Promise<() => void>;
}

export function createWorkerStore({ redis, listener, keys }: Cell): WorkerStore {
  const signals = createSignals(listener, keys);
  return {
    claim: createClaimJob(redis, keys),
    settle: createSettleJob(redis, keys),
    heartbeat: createHeartbeat(redis, keys),
    leave: createLeave(redis, keys),
    consume: (options) => createDispatchConsumer(redis, keys, options),
    onCancel: (onCancel) => signals.onCancel(onCancel),
  };
}
