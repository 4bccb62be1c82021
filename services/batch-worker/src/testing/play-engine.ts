import { randomUUID } from 'node:crypto';
import { type BackendId, idFromUuid, type JobId } from '@spillway/core';
import {
  createCancelJob,
  createClaimJobs,
  createCommitPlan,
  createDuties,
  createHeartbeat,
  createJobReader,
  createLeaderElection,
  createSettleJob,
  createTakeSnapshot,
  type Claim,
  type Settlement,
} from '@spillway/redis';
import type { TestStore } from '@spillway/redis/testing';

/** Does what the scheduler, a worker and its engine would, on request: the store behind it is the real one. */
export interface PlayEngine {
  /** Gives up to `most` waiting jobs to the backend and takes their leases. */
  start(most: number): Promise<readonly Claim[]>;
  settle(claim: Claim, settlement: Settlement): Promise<void>;
  /** The scheduler's clocks. */
  duties(): Promise<void>;
  cancel(id: JobId): Promise<void>;
}

const BACKEND = 'gpu-0' as BackendId;
const SLOTS = 1000;

/** A completed attempt whose answer names what it was asked. */
export const answering = (claim: Claim): Settlement => ({
  kind: 'completed',
  statusCode: 200,
  body: { echo: claim.request, usage: { completion_tokens_details: { reasoning_tokens: 1 } } },
  usage: { inputTokens: 10, cachedInputTokens: 2, outputTokens: 5, costMicroUsd: 3 },
  servedBy: { backend: BACKEND, location: 'local', model: 'small', simulated: true },
});

export const failing: Settlement = {
  kind: 'failed',
  reason: { kind: 'invalid-request', detail: 'the engine refuses this request' },
  backendFault: { blamed: false, coolForMs: 0 },
};

export function createPlayEngine({ redis, keys }: TestStore): PlayEngine {
  const worker = idFromUuid('WorkerId', randomUUID());
  const election = createLeaderElection(redis, keys);
  const takeSnapshot = createTakeSnapshot(redis, keys);
  const commit = createCommitPlan(redis, keys);
  const claim = createClaimJobs(redis, keys);
  const settle = createSettleJob(redis, keys);
  const heartbeat = createHeartbeat(redis, keys);
  const duties = createDuties(redis, keys);
  const cancel = createCancelJob(redis, keys);
  const reader = createJobReader(redis, keys);
  return {
    start: async (most) => {
      await heartbeat({
        workerId: worker,
        backendId: BACKEND,
        slots: SLOTS,
        exclusive: false,
        leases: [],
        descriptor: {
          kind: 'vllm',
          location: 'local',
          models: ['small'],
          endpoints: ['/v1/chat/completions'],
          simulated: true,
          draining: false,
        },
      });
      const leadership = await election.lead(worker, 60_000);
      if (leadership === undefined) throw new Error('somebody else leads this cell');
      const { lanes } = await takeSnapshot();
      const jobs = lanes.flatMap(({ head }) => head).slice(0, most);
      const assignments = jobs.map(({ id, fence }) => ({
        job: id,
        fence,
        backend: BACKEND,
        model: 'small',
        location: 'local' as const,
        slots: SLOTS,
        tokens: 1,
        charge: 1,
        weight: 1,
        predictedFinishAtMs: Date.now(),
        predictedOutputTokens: 1,
        decision: '{"action":"assign","trigger":null}',
      }));
      const nothingElse = {
        holds: [],
        rejections: [],
        looked: [],
        overflowing: [],
        forecasts: [],
        weights: [],
      };
      await commit({ assignments, ...nothingElse }, leadership);
      const { claims } = await claim({ workerId: worker, backendId: BACKEND, location: 'local', most });
      return claims;
    },
    settle: async ({ lease }, settlement) => {
      await settle(lease, settlement);
    },
    duties: async () => {
      await duties.expireOverdue();
      await duties.expireUnstarted();
    },
    cancel: async (id) => {
      const record = await reader.one(id);
      if (record !== undefined) await cancel(id, record.tenantId);
    },
  };
}
