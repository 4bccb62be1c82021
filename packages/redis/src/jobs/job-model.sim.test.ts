import { randomUUID } from 'node:crypto';
import { idFromUuid, type JobId, type TenantId } from '@spillway/core';
import { assert, asyncProperty } from 'fast-check';
import { expect, test } from 'vitest';
import { createCommitPlan } from '../scheduling/commit-plan.ts';
import { createDuties } from '../scheduling/duties.ts';
import { createLeaderElection } from '../scheduling/leadership.ts';
import { createTakeSnapshot } from '../scheduling/take-snapshot.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import type { BackendDescriptor } from '../workers/descriptor.ts';
import { createHeartbeat } from '../workers/heartbeat.ts';
import { createCancelJob } from './cancel-job.ts';
import { createClaimJobs } from './claim-jobs.ts';
import {
  createModel,
  gpu,
  histories,
  JOBS,
  LATER_MS,
  type Outcome,
  reason,
  SLOTS,
  type Step,
  TOKENS,
  workerIds,
} from './job-model.fixtures.ts';
import { laneKey } from '../keys.ts';
import { createAuditCell } from '../reconcile/audit-cell.ts';
import type { NewJob } from './new-job.ts';
import { createJobReader } from './read-job.ts';
import { createSettleJob, type Settlement } from './settle-job.ts';
import { createSubmitJob } from './submit-job.ts';

const tenant = 'tenant-a' as TenantId;
const lane = { jobClass: 'standard', modelGroup: 'small', tenantId: tenant, pinned: false } as const;
const EMPTY = {
  lane: 0,
  retry: 0,
  start: 0,
  deadline: 0,
  dispatched: 0,
  running: 0,
  suspects: 0,
  heldTokens: 0,
  workers: [0, 0],
  live: 0,
};

test('the scripts and the transition table tell one story, and its end leaves nothing behind', async () => {
  await assert(
    asyncProperty(histories, async (history) => {
      await using store = await openTestStore();
      const model = createModel();
      const scripts = await openScripts(store, model);
      const audit = createAuditCell(store.redis, store.keys);
      for (const [index, step] of history.entries()) {
        const changed = await scripts.apply(step);
        expect({ step, changed }).toEqual({ step, changed: model.predict(step, scripts.claimed()) });
        const drift = index % 4 === 0 ? (await audit()).drift : [];
        expect({ step, drift, ...(await scripts.read()) }).toEqual({ step, drift: [], ...model.expected() });
      }
      for (let job = 0; job < JOBS; job += 1) {
        await scripts.apply({ kind: 'cancel', job });
        model.predict({ kind: 'cancel', job });
      }
      expect(await scripts.read()).toEqual({ jobs: model.expected().jobs, indices: EMPTY });
      expect(await store.redis.smembers(`${store.keys.prefix}lanes`)).toEqual([]);
      expect(await scripts.endedAttempts()).toEqual(model.attempts());
    }),
    { numRuns: 100 },
  );
});

/** The real scripts. `apply` asks them what the model is asked, and answers with the number of jobs they changed. */
async function openScripts({ redis, keys }: TestStore, model: ReturnType<typeof createModel>) {
  const ids = Array.from({ length: JOBS }, () => idFromUuid('JobId', randomUUID()));
  const idOf = (number: number): JobId => ids[number] ?? idFromUuid('JobId', randomUUID());
  const reader = createJobReader(redis, keys);
  const submit = createSubmitJob(redis, keys);
  const commit = createCommitPlan(redis, keys);
  const claim = createClaimJobs(redis, keys);
  let claimed: readonly number[] = [];
  const settle = createSettleJob(redis, keys);
  const cancel = createCancelJob(redis, keys);
  const duties = createDuties(redis, keys);
  const takeSnapshot = createTakeSnapshot(redis, keys);
  const heartbeat = createHeartbeat(redis, keys);
  const leadership = await createLeaderElection(redis, keys).lead(workerIds[0], 60_000);
  if (leadership === undefined) throw new Error('somebody else leads this cell');

  const beat = async (): Promise<void> => {
    for (const workerId of workerIds) {
      await heartbeat({ workerId, backendId: gpu, descriptor, slots: SLOTS, exclusive: false, leases: [] });
    }
  };
  const rescue = async (): Promise<number> => {
    // however slow this machine is, the store was not away
    await redis.del(`${keys.prefix}rescue`);
    const { rescued, poisoned } = await duties.rescueJobs();
    await beat();
    return rescued + poisoned;
  };
  const runningAt = async (worker: 0 | 1): Promise<readonly JobId[]> =>
    (await redis.smembers(`${keys.prefix}worker:${workerIds[worker]}:held`)) as JobId[];
  const versionOf = (job: number): Promise<string | null> => redis.hget(keys.job(idOf(job)), 'version');
  const apply = async (step: Step): Promise<number> => {
    switch (step.kind) {
      case 'submit': {
        // Ids are unique: the same one is never submitted twice, and an ended job's number goes to a new one.
        if (!model.isFree(step.job)) return 0;
        ids[step.job] = idFromUuid('JobId', randomUUID());
        const limits = { maxQueuedJobs: JOBS, maxQueueLength: undefined };
        return Number((await submit(aJob(idOf(step.job)), limits, undefined)).kind === 'accepted');
      }
      case 'commit': {
        const fence = model.fenceOf(step.job) + step.off;
        const assignment = { ...ASSIGNMENT, job: idOf(step.job), fence };
        const reply = await commit({ ...NOTHING, assignments: [assignment] }, leadership);
        return reply.kind === 'applied' ? reply.dispatched.length : 0;
      }
      case 'reject': {
        const before = await versionOf(step.job);
        const fence = model.fenceOf(step.job) + step.off;
        const rejection = { job: idOf(step.job), fence, detail: 'too long', decision: '{}' };
        await commit({ ...NOTHING, rejections: [rejection] }, leadership);
        return Number((await versionOf(step.job)) !== before);
      }
      case 'claim': {
        const { most } = step;
        const workerId = workerIds[step.worker];
        const { claims } = await claim({ workerId, backendId: gpu, location: 'local', most });
        claimed = claims.map(({ lease }) => ids.indexOf(lease.jobId));
        return claims.length;
      }
      case 'settle': {
        const state = model.stateOf(step.job);
        const holder = state?.kind === 'running' ? state.workerId : workerIds[0];
        const thief = holder === workerIds[0] ? workerIds[1] : workerIds[0];
        const fence = model.fenceOf(step.job) + step.off;
        const lease = { jobId: idOf(step.job), fence, workerId: step.stolen ? thief : holder };
        const before = await versionOf(step.job);
        const { kind } = await settle(lease, SETTLEMENTS[step.outcome]);
        const changed = (await versionOf(step.job)) !== before;
        // one that is sent again is settled as before, and changes nothing
        return changed === (kind === 'settled') || !changed ? Number(changed) : Number.NaN;
      }
      case 'cancel':
        return Number((await cancel(idOf(step.job), tenant)).kind === 'cancelled');
      case 'cancel as a stranger':
        return Number((await cancel(idOf(step.job), 'tenant-b' as TenantId)).kind === 'cancelled');
      case 'expire': {
        if (step.clock === 'deadline' && model.stateOf(step.job) !== undefined) {
          await redis.hset(keys.job(idOf(step.job)), 'deadline_at_ms', 1);
        }
        await redis.zadd(`${keys.prefix}clocks:${step.clock}`, 'XX', 1, idOf(step.job));
        return step.clock === 'start' ? duties.expireUnstarted() : duties.expireOverdue();
      }
      case 'worker dies':
        await redis.zadd(`${keys.prefix}workers`, 1, workerIds[step.worker]);
        return rescue();
      case 'worker forgets': {
        const held = await runningAt(step.worker);
        for (const id of held) await redis.hset(keys.job(id), 'started_at_ms', 1);
        await beat();
        return held.length;
      }
      case 'attempts overrun': {
        for (const id of await runningAt(step.worker)) {
          await redis.zadd(`${keys.backend(gpu)}:running`, 'XX', 1, id);
        }
        const { rescued, poisoned } = await duties.endOverlong();
        return rescued + poisoned;
      }
      case 'backend dies':
        await redis.hset(keys.backend(gpu), 'heard_at_ms', 1);
        return rescue();
      case 'time passes': {
        for (const id of await redis.zrange(`${keys.prefix}retry`, '0', '-1')) {
          await redis.hset(keys.job(id as JobId), 'available_at_ms', 1);
          await redis.zadd(`${keys.prefix}retry`, 1, id);
        }
        await takeSnapshot();
        return 0;
      }
    }
  };

  await beat();
  return {
    apply,
    /** The jobs the latest claim brought. */
    claimed: () => claimed,
    read: async () => ({
      jobs: await Promise.all(
        ids.map(async (id) => {
          const [state, fence, attempts, rescues, worker, code] = await redis.hmget(
            keys.job(id),
            'state',
            'fence',
            'attempts',
            'rescues',
            'worker',
            'error_code',
          );
          if (state === undefined || state === null) return undefined;
          const error = state === 'failed' ? code : undefined;
          return {
            state,
            fence: Number(fence),
            attempts: Number(attempts),
            rescues: Number(rescues),
            worker: worker ?? '',
            error,
          };
        }),
      ),
      indices: {
        lane: await redis.zcard(`${keys.prefix}lane:${LANE_KEY}`),
        retry: await redis.zcard(`${keys.prefix}retry`),
        start: await redis.zcard(`${keys.prefix}clocks:start`),
        deadline: await redis.zcard(`${keys.prefix}clocks:deadline`),
        dispatched: await redis.zcard(`${keys.backend(gpu)}:dispatched`),
        running: await redis.zcard(`${keys.backend(gpu)}:running`),
        suspects: await redis.scard(`${keys.backend(gpu)}:suspects`),
        heldTokens: Number(await redis.hget(keys.backend(gpu), 'held_tokens')),
        workers: await Promise.all(workerIds.map((id) => redis.scard(`${keys.prefix}worker:${id}:held`))),
        live: await redis.scard(`${keys.prefix}tenant:${tenant}:live`),
      },
    }),
    /** Attempts whose end is written, by job. */
    endedAttempts: async () => {
      const records = await Promise.all(ids.map((id) => reader.one(id)));
      return records.map((record) => record?.attempts.filter(({ end }) => end !== undefined).length ?? 0);
    },
  };
}

const NOTHING = { assignments: [], holds: [], rejections: [], overflowing: [] };
const ASSIGNMENT = {
  backend: gpu,
  model: 'small',
  location: 'local',
  slots: SLOTS,
  tokens: TOKENS,
  charge: 50,
  decision: '{}',
} as const;
const LANE_KEY = laneKey(lane);

const descriptor: BackendDescriptor = {
  kind: 'vllm',
  location: 'local',
  models: ['small'],
  endpoints: ['/v1/chat/completions'],
  simulated: true,
  draining: false,
};

const aJob = (id: JobId): NewJob => ({
  id,
  lane,
  startWithinMs: 30_000,
  deadlineMs: 60_000,
  attemptTimeoutMs: 30_000,
  retainMs: 60_000,
  features: {
    endpoint: '/v1/chat/completions',
    strategy: 'auto',
    inputTokens: 10,
    outputTokens: TOKENS - 10,
  },
  description: { findings: [], metadata: null },
  webhook: undefined,
  request: '{"model":"small"}',
});

const backendFault = { blamed: false, coolForMs: 0 };
const retryAt = (availableAtMs: number): Settlement => ({
  kind: 'retry',
  reason,
  availableAtMs,
  exclude: undefined,
  backendFault,
});
const SETTLEMENTS: Readonly<Record<Outcome, Settlement>> = {
  completed: {
    kind: 'completed',
    statusCode: 200,
    body: { answer: 42 },
    usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 20, costMicroUsd: 0 },
    servedBy: { backend: gpu, location: 'local', model: 'small', simulated: true },
  },
  failed: { kind: 'failed', reason, backendFault },
  'retry at once': retryAt(0),
  'retry later': retryAt(LATER_MS),
  crashed: { kind: 'crashed', reason, availableAtMs: 0, backendFault },
  expired: { kind: 'expired' },
  returned: { kind: 'returned' },
};
