import type { BackendId, JobId } from '@spillway/core';
import {
  type Cell,
  createClaimJobs,
  createHeartbeat,
  createLeave,
  createReadDescriptor,
  createSettleJob,
  createSignals,
} from '@spillway/redis';

/** What a worker needs of the store. */
export interface WorkerStore {
  readonly claim: ReturnType<typeof createClaimJobs>;
  readonly settle: ReturnType<typeof createSettleJob>;
  readonly heartbeat: ReturnType<typeof createHeartbeat>;
  readonly leave: ReturnType<typeof createLeave>;
  /** What was last said of a backend, by this worker or one before it. */
  readonly readDescriptor: ReturnType<typeof createReadDescriptor>;
  onCancel(listener: (id: JobId) => void): Promise<() => void>;
  onDispatched(listener: (backendId: BackendId) => void): Promise<() => void>;
}

export function createWorkerStore({ redis, listener, keys }: Cell): WorkerStore {
  const signals = createSignals(listener, keys);
  return {
    claim: createClaimJobs(redis, keys),
    settle: createSettleJob(redis, keys),
    heartbeat: createHeartbeat(redis, keys),
    leave: createLeave(redis, keys),
    readDescriptor: createReadDescriptor(redis, keys),
    onCancel: (listen) => signals.onCancel(listen),
    onDispatched: (listen) => signals.onDispatched(listen),
  };
}
