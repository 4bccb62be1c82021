import { randomUUID } from 'node:crypto';
import { type BackendId, idFromUuid, type JobId, type TenantId, type WorkerId } from '@spillway/core';
import { type Commit, type CommitAssignment, createCommitPlan } from '../scheduling/commit-plan.ts';
import { createDuties } from '../scheduling/duties.ts';
import { createLeaderElection } from '../scheduling/leadership.ts';
import { createPeekSnapshot, createTakeSnapshot } from '../scheduling/take-snapshot.ts';
import type { TestStore } from '../testing/open-test-store.ts';
import { createHeartbeat, createLeave } from '../workers/heartbeat.ts';
import { createCancelJob } from './cancel-job.ts';
import { type Claim, createClaimJobs } from './claim-jobs.ts';
import type { NewJob } from './new-job.ts';
import { createJobReader } from './read-job.ts';
import { createSettleJob, type Settlement } from './settle-job.ts';
import { createSubmitJob } from './submit-job.ts';

export const tenant = 'acme' as TenantId;
export const gpu = 'gpu-0' as BackendId;
export const worker: WorkerId = idFromUuid('WorkerId', randomUUID());
export const noLimit = { maxQueuedJobs: 1000, maxQueueLength: undefined };

export const newJob = (changes: Partial<NewJob> = {}): NewJob => ({
  id: idFromUuid('JobId', randomUUID()),
  lane: { jobClass: 'standard', modelGroup: 'llama3.2:3b', tenantId: tenant, pinned: false },
  startWithinMs: undefined,
  deadlineMs: 60_000,
  maxWaitMs: 3_600_000,
  attemptTimeoutMs: 30_000,
  retainMs: 60_000,
  features: {
    endpoint: '/v1/chat/completions',
    strategy: 'auto',
    task: 'chat',
    inputTokens: 10,
    outputTokens: 20,
    prefix: [],
  },
  description: { findings: [], metadata: null },
  webhook: undefined,
  request: '{"model":"llama3.2:3b"}',
  ...changes,
});

export const completed = {
  kind: 'completed',
  statusCode: 200,
  body: { answer: 42 },
  usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 20, costMicroUsd: 7 },
  servedBy: { backend: gpu, location: 'local', model: 'llama3.2:3b', simulated: true },
} as const satisfies Settlement;

export const NO_PLAN: Commit = {
  assignments: [],
  holds: [],
  rejections: [],
  looked: [],
  overflowing: [],
  forecasts: [],
  weights: [],
};

/** The whole store behind one job's life, and the shortest way through it. */
export function openLife({ redis, keys }: TestStore) {
  const reader = createJobReader(redis, keys);
  const election = createLeaderElection(redis, keys);
  const commit = createCommitPlan(redis, keys);
  const claimJobs = createClaimJobs(redis, keys);
  const heartbeat = createHeartbeat(redis, keys);
  const commitAsLeader = async (plan: Partial<Commit>) => {
    const leadership = await election.lead(worker, 10_000);
    if (leadership === undefined) throw new Error('somebody else leads');
    return commit({ ...NO_PLAN, ...plan }, leadership);
  };
  const life = {
    reader,
    election,
    commit,
    claim: (most = 1, workerId: WorkerId = worker) =>
      claimJobs({ workerId, backendId: gpu, location: 'local', most }),
    claimAsCloud: () => claimJobs({ workerId: worker, backendId: gpu, location: 'cloud', most: 1 }),
    heartbeat,
    submit: createSubmitJob(redis, keys),
    settle: createSettleJob(redis, keys),
    cancel: createCancelJob(redis, keys),
    leave: createLeave(redis, keys),
    snapshot: createTakeSnapshot(redis, keys, { lengthsMaxAgeMs: 0 }),
    peek: createPeekSnapshot(redis, keys, { lengthsMaxAgeMs: 0 }),
    duties: createDuties(redis, keys),
    stateOf: async (id: JobId): Promise<string | undefined> => (await reader.one(id))?.state,
    beat: (leases: Parameters<typeof heartbeat>[0]['leases'] = [], workerId: WorkerId = worker) =>
      heartbeat({
        workerId,
        backendId: gpu,
        slots: 4,
        exclusive: true,
        leases,
        descriptor: {
          kind: 'vllm',
          location: 'local',
          models: ['llama3.2:3b'],
          endpoints: ['/v1/chat/completions'],
          simulated: true,
          draining: false,
        },
      }),
    assignment: (job: NewJob, changes: Partial<CommitAssignment> = {}): CommitAssignment => ({
      job: job.id,
      fence: 0,
      backend: gpu,
      model: 'llama3.2:3b',
      location: 'local',
      slots: 4,
      tokens: 30,
      charge: 50,
      weight: 1,
      predictedFinishAtMs: 0,
      predictedOutputTokens: 20,
      decision: '{}',
      ...changes,
    }),
    commitAsLeader,
    dispatch: (...assignments: CommitAssignment[]) => commitAsLeader({ assignments }),
    /** Dispatches and claims one job, which is the only one dispatched. */
    run: async (job: NewJob, fence = 0): Promise<Claim> => {
      await life.dispatch(life.assignment(job, { fence }));
      const { claims } = await life.claim();
      if (claims[0]?.lease.jobId !== job.id) throw new Error(`${job.id} was not claimed`);
      return claims[0];
    },
  };
  return life;
}

/** What is left of live jobs in the store: nothing, once all have ended. */
export async function leftBehind({ redis, keys }: TestStore): Promise<Record<string, unknown>> {
  const { prefix } = keys;
  return {
    lanes: await redis.smembers(`${prefix}lanes`),
    inputs: await redis.hgetall(`${prefix}lanes:input`),
    fresh: await redis.zcard(`${prefix}fresh`),
    retry: await redis.zcard(`${prefix}retry`),
    unseen: await redis.zcard(`${prefix}unseen`),
    start: await redis.zcard(`${prefix}clocks:start`),
    deadline: await redis.zcard(`${prefix}clocks:deadline`),
    dispatched: await redis.zcard(`${prefix}backend:${gpu}:dispatched`),
    running: await redis.zcard(`${prefix}backend:${gpu}:running`),
    suspects: await redis.scard(`${prefix}backend:${gpu}:suspects`),
    pinned: await redis.zcard(`${prefix}backend:${gpu}:pinned`),
    heldTokens: Number(await redis.hget(keys.backend(gpu), 'held_tokens')),
    workerHeld: await redis.scard(`${prefix}worker:${worker}:held`),
    live: await redis.scard(`${prefix}tenant:${tenant}:live`),
    tenantLanes: await redis.smembers(`${prefix}tenant:${tenant}:lanes`),
    active: await redis.zcard(`${prefix}fairness:active`),
  };
}
export const NOTHING = {
  lanes: [],
  inputs: {},
  fresh: 0,
  retry: 0,
  unseen: 0,
  start: 0,
  deadline: 0,
  dispatched: 0,
  running: 0,
  suspects: 0,
  pinned: 0,
  heldTokens: 0,
  workerHeld: 0,
  live: 0,
  tenantLanes: [],
  active: 0,
};
