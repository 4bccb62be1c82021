import { randomUUID } from 'node:crypto';
import { idFromUuid, type JobId, type LineOutcome, type TenantId } from '@spillway/core';
import { createCommitPlan } from '../scheduling/commit-plan.ts';
import { createDuties } from '../scheduling/duties.ts';
import { createLeaderElection } from '../scheduling/leadership.ts';
import { createTakeSnapshot } from '../scheduling/take-snapshot.ts';
import type { TestStore } from '../testing/open-test-store.ts';
import type { BackendDescriptor } from '../workers/descriptor.ts';
import { createHeartbeat } from '../workers/heartbeat.ts';
import { createCancelJob } from './cancel-job.ts';
import { createClaimJobs } from './claim-jobs.ts';
import {
  type createModel,
  gpu,
  INPUT_TOKENS,
  JOBS,
  LINE,
  PINNED,
  SLOTS,
  type Step,
  TOKENS,
  workerIds,
} from './job-model.fixtures.ts';
import { NO_PLAN } from './job-life.fixtures.ts';
import { CHARGE } from './charge-model.fixtures.ts';
import { feedOf, openBatches } from '../batches/batch-life.fixtures.ts';
import { laneKey } from '../keys.ts';
import type { NewJob } from './new-job.ts';
import { createJobReader } from './read-job.ts';
import { createSettleJob } from './settle-job.ts';
import { SETTLEMENTS } from './settlements.fixtures.ts';
import { createSubmitJob } from './submit-job.ts';

const tenant = 'tenant-a' as TenantId;
const laneOf = (number: number): NewJob['lane'] => ({
  jobClass: 'standard',
  modelGroup: 'small',
  tenantId: tenant,
  pinned: number === PINNED,
});

/** The real scripts. `apply` asks them what the model is asked, and answers with the number of jobs they changed. */
export async function openScripts(store: TestStore, model: ReturnType<typeof createModel>) {
  const { redis, keys } = store;
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
  const batches = openBatches(store);
  const batch = await batches.begin(1000, { tenantId: tenant });
  let fed = 0;
  const feed = async (id: JobId): Promise<string> => {
    const reply = await batches.work.feed(batch.lease, batch.record, feedOf(fed, [aJob(id, laneOf(LINE))]));
    fed += 1;
    return reply;
  };
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
        if (step.job === LINE) return Number((await feed(idOf(LINE))) === 'fed');
        const limits = { maxQueuedJobs: JOBS, maxQueueLength: undefined };
        return Number(
          (await submit(aJob(idOf(step.job), laneOf(step.job)), limits, undefined)).kind === 'accepted',
        );
      }
      case 'commit': {
        const fence = model.fenceOf(step.job) + step.off;
        const assignment = { ...ASSIGNMENT, job: idOf(step.job), fence };
        const reply = await commit({ ...NO_PLAN, assignments: [assignment] }, leadership);
        return reply.kind === 'applied' ? reply.dispatched.length : 0;
      }
      case 'reject': {
        const before = await versionOf(step.job);
        const fence = model.fenceOf(step.job) + step.off;
        const rejection = { job: idOf(step.job), fence, detail: 'too long', decision: '{}' };
        await commit({ ...NO_PLAN, rejections: [rejection] }, leadership);
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
          await redis.zadd(`${keys.backend(gpu)}:pinned`, 'XX', 1, idOf(step.job));
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

  const readJob = async (id: JobId) => {
    const fields = ['state', 'fence', 'attempts', 'rescues', 'worker', 'error_code'] as const;
    const [state, fence, attempts, rescues, worker, code] = await redis.hmget(keys.job(id), ...fields);
    if (state === undefined || state === null) return undefined;
    return {
      state,
      fence: Number(fence),
      attempts: Number(attempts),
      rescues: Number(rescues),
      worker: worker ?? '',
      error: state === 'failed' ? code : undefined,
    };
  };
  const OUTCOMES = ['completed', 'failed', 'cancelled', 'expired'] as const;
  const readCounts = async () => (await redis.hmget(keys.batch(batch.id), ...OUTCOMES)).map(Number);

  await beat();
  return {
    apply,
    /** The jobs the latest claim brought. */
    claimed: () => claimed,
    read: () =>
      whenAll({
        jobs: Promise.all(ids.map(readJob)),
        indices: whenAll({
          lane: sumOver(LANES, (name) => redis.zcard(`${keys.prefix}lane:${name}`)),
          fresh: redis.zcard(`${keys.prefix}fresh`),
          laneInput: sumOver(LANES, (name) => redis.hget(`${keys.prefix}lanes:input`, name)),
          prefixes: redis.exists(...ids.map((id) => keys.prefixHashes(id))),
          retry: redis.zcard(`${keys.prefix}retry`),
          start: redis.zcard(`${keys.prefix}clocks:start`),
          deadline: redis.zcard(`${keys.prefix}clocks:deadline`),
          dispatched: redis.zcard(`${keys.backend(gpu)}:dispatched`),
          running: redis.zcard(`${keys.backend(gpu)}:running`),
          suspects: redis.scard(`${keys.backend(gpu)}:suspects`),
          pinned: redis.zcard(`${keys.backend(gpu)}:pinned`),
          heldTokens: redis.hget(keys.backend(gpu), 'held_tokens').then(Number),
          workers: Promise.all(workerIds.map((id) => redis.scard(`${keys.prefix}worker:${id}:held`))),
          live: redis.scard(`${keys.prefix}tenant:${tenant}:live`),
          active: redis.zcard(`${keys.prefix}fairness:active`),
        }),
        counter: redis.hget(`${keys.prefix}fairness`, tenant).then(Number),
        batch: whenAll({
          open: redis.scard(`${keys.batch(batch.id)}:open`),
          bits: redis.bitcount(`${keys.batch(batch.id)}:done`),
          settled: redis.llen(keys.batchSettled(batch.id)),
          counts: readCounts(),
        }),
      }),
    /** What the lines of the batch came to, in their order. */
    outcomes: async () =>
      (await batches.work.settled(batch.id, 0, 1000)).map(
        (text) => (JSON.parse(text) as LineOutcome).outcome,
      ),
    /** Attempts whose end is written, by job. */
    endedAttempts: async () => {
      const records = await Promise.all(ids.map((id) => reader.one(id)));
      return records.map((record) => record?.attempts.filter(({ end }) => end !== undefined).length ?? 0);
    },
  };
}

async function whenAll(values: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const entries = Object.entries(values).map(async ([name, value]) => [name, await value] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function sumOver(
  names: readonly string[],
  read: (name: string) => Promise<number | string | null>,
): Promise<number> {
  const values = await Promise.all(names.map(read));
  return values.reduce((sum: number, value) => sum + Number(value), 0);
}

const ASSIGNMENT = {
  backend: gpu,
  model: 'small',
  location: 'local',
  slots: SLOTS,
  tokens: TOKENS,
  charge: CHARGE,
  weight: 1,
  predictedFinishAtMs: 0,
  predictedOutputTokens: TOKENS - INPUT_TOKENS,
  decision: '{}',
} as const;
const LANES = [laneOf(LINE), laneOf(PINNED)].map(laneKey);

const descriptor: BackendDescriptor = {
  kind: 'vllm',
  location: 'local',
  models: ['small'],
  endpoints: ['/v1/chat/completions'],
  simulated: true,
  draining: false,
};

const aJob = (id: JobId, lane: NewJob['lane']): NewJob => ({
  id,
  lane,
  startWithinMs: 30_000,
  deadlineMs: 60_000,
  maxWaitMs: 3_600_000,
  attemptTimeoutMs: 30_000,
  retainMs: 60_000,
  features: {
    endpoint: '/v1/chat/completions',
    strategy: 'auto',
    task: 'chat',
    inputTokens: INPUT_TOKENS,
    outputTokens: TOKENS - INPUT_TOKENS,
    prefix: [1, 2 ** 53 - 1],
  },
  description: { findings: [], metadata: null },
  webhook: undefined,
  request: '{"model":"small"}',
});
