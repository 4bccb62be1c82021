import { randomUUID } from 'node:crypto';
import { type BackendId, idFromUuid, type JobId, type TenantId, type WorkerId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { createBatchReader } from '../batches/read-batch.ts';
import { createSubmitBatch } from '../batches/submit-batch.ts';
import { createCommitPlan, type CommitAssignment } from '../scheduling/commit-plan.ts';
import { createDuties } from '../scheduling/duties.ts';
import { createLeaderElection } from '../scheduling/leadership.ts';
import { createTakeSnapshot } from '../scheduling/take-snapshot.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { createHeartbeat, createLeave } from '../workers/heartbeat.ts';
import { createCancelJob } from './cancel-job.ts';
import { createClaimJob } from './claim-job.ts';
import { createListJobs } from './list-jobs.ts';
import type { NewJob } from './new-job.ts';
import { createJobReader } from './read-job.ts';
import { createSettleJob, type Settlement } from './settle-job.ts';
import { createSubmitJob } from './submit-job.ts';

const tenant = 'acme' as TenantId;
const gpu = 'gpu-0' as BackendId;
const worker = idFromUuid('WorkerId', randomUUID());
const noLimit = { maxQueuedJobs: 1000, maxQueueLength: undefined };

const newJob = (changes: Partial<NewJob> = {}): NewJob => ({
  id: idFromUuid('JobId', randomUUID()),
  lane: { jobClass: 'standard', modelGroup: 'llama3.2:3b', tenantId: tenant, pinned: false },
  startWithinMs: undefined,
  deadlineMs: 60_000,
  attemptTimeoutMs: 30_000,
  retainMs: 60_000,
  features: { endpoint: '/v1/chat/completions', strategy: 'auto', inputTokens: 10, outputTokens: 20 },
  description: { findings: [], metadata: null },
  webhook: undefined,
  request: '{"model":"llama3.2:3b"}',
  ...changes,
});

const completed: Settlement = {
  kind: 'completed',
  statusCode: 200,
  body: { answer: 42 },
  usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 20, costMicroUsd: 7 },
  servedBy: { backend: gpu, location: 'local', model: 'llama3.2:3b', simulated: true },
};

/** The whole store behind one job's life, and the shortest way through it. */
function openLife({ redis, keys }: TestStore) {
  const reader = createJobReader(redis, keys);
  const election = createLeaderElection(redis, keys);
  const commit = createCommitPlan(redis, keys);
  const claim = createClaimJob(redis, keys);
  const heartbeat = createHeartbeat(redis, keys);
  const life = {
    reader,
    election,
    commit,
    claim,
    heartbeat,
    submit: createSubmitJob(redis, keys),
    settle: createSettleJob(redis, keys),
    cancel: createCancelJob(redis, keys),
    leave: createLeave(redis, keys),
    snapshot: createTakeSnapshot(redis, keys),
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
      decision: '{}',
      ...changes,
    }),
    dispatch: async (...assignments: CommitAssignment[]) => {
      const leadership = await election.lead(worker, 10_000);
      if (leadership === undefined) throw new Error('somebody else leads');
      return commit({ assignments, holds: [], rejections: [], overflowing: [] }, leadership);
    },
    run: async (job: NewJob, fence = 0) => {
      await life.dispatch(life.assignment(job, { fence }));
      const reply = await claim(job.id, fence + 1, worker, gpu, 'local');
      if (reply.kind !== 'claimed') throw new Error(`refused: ${reply.because}`);
      return reply.claim;
    },
  };
  return life;
}

/** What is left of live jobs in the store: nothing, once all have ended. */
async function leftBehind({ redis, keys }: TestStore): Promise<Record<string, unknown>> {
  return {
    lanes: await redis.smembers(`${keys.prefix}lanes`),
    retry: await redis.zcard(`${keys.prefix}retry`),
    clocks: await redis.zcard(`${keys.prefix}clocks`),
    held: await redis.zcard(`${keys.prefix}backend:${gpu}:held`),
    heldTokens: await redis.hget(keys.backend(gpu), 'held_tokens'),
    workerHeld: await redis.scard(`${keys.prefix}worker:${worker}:held`),
    live: await redis.hget(`${keys.prefix}tenant:${tenant}`, 'live'),
  };
}
const NOTHING = { lanes: [], retry: 0, clocks: 0, held: 0, heldTokens: '0', workerHeld: 0, live: '0' };

describe('the life of a job in the store', () => {
  test('a job goes through every state and leaves nothing behind', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    expect(await life.submit(job, noLimit, undefined)).toEqual({ kind: 'accepted' });
    expect(await life.stateOf(job.id)).toBe('queued');
    await life.beat();
    const claim = await life.run(job);
    expect(claim).toMatchObject({ attempt: 1, pinned: false, model: 'llama3.2:3b', lease: { fence: 1 } });
    expect(await life.settle(claim.lease, completed)).toEqual({ kind: 'settled', state: 'completed' });
    const record = await life.reader.one(job.id);
    expect(record).toMatchObject({
      state: 'completed',
      result: { statusCode: 200, body: { answer: 42 } },
      usage: { costMicroUsd: 7 },
      attempts: [{ number: 1, backendId: gpu, end: { outcome: 'completed' } }],
    });
    expect(await leftBehind(store)).toEqual(NOTHING);
  });

  test('a second settlement, and one with an older fence, change nothing', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.beat();
    const first = await life.run(job);
    await life.settle(first.lease, {
      kind: 'retry',
      reason: { kind: 'backend-error', detail: '500' },
      availableAtMs: 0,
      exclude: undefined,
      backendFault: { blamed: true, coolForMs: 0 },
    });
    const second = await life.run(job, 1);
    expect(second.attempt).toBe(2);
    expect(await life.settle(first.lease, completed)).toMatchObject({ kind: 'lost', state: 'running' });
    expect(await life.settle(second.lease, completed)).toMatchObject({ kind: 'settled' });
    expect(await life.settle(second.lease, completed)).toMatchObject({ kind: 'lost', state: 'completed' });
    expect(await leftBehind(store)).toEqual(NOTHING);
  });

  test('of two claims of one hint, one is refused', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.beat();
    await life.dispatch(life.assignment(job));
    const replies = await Promise.all([1, 2].map(() => life.claim(job.id, 1, worker, gpu, 'local')));
    expect(replies.map((reply) => reply.kind).toSorted()).toEqual(['claimed', 'refused']);
    expect(await life.claim(job.id, 7, worker, gpu, 'local')).toEqual({ kind: 'refused', because: 'stale' });
  });

  test('a pinned job is refused to a cloud backend by the commit, and by the claim', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob({ lane: { ...newJob().lane, pinned: true } });
    await life.submit(job, noLimit, undefined);
    await life.beat();
    expect(await life.dispatch(life.assignment(job, { location: 'cloud' }))).toMatchObject({
      dispatched: [],
      refused: [{ jobId: job.id, because: 'pinned' }],
    });
    await life.dispatch(life.assignment(job));
    expect(await life.claim(job.id, 1, worker, gpu, 'cloud')).toEqual({ kind: 'refused', because: 'pinned' });
  });

  test('a commit never gives a backend more than its slots, nor a job that has moved on', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const jobs = [newJob(), newJob(), newJob()];
    for (const job of jobs) await life.submit(job, noLimit, undefined);
    await life.beat();
    const reply = await life.dispatch(...jobs.map((job) => life.assignment(job, { slots: 2 })));
    expect(reply).toMatchObject({ kind: 'applied', refused: [{ because: 'no-slot' }] });
    expect(await life.dispatch(life.assignment(jobs[0] ?? newJob(), { slots: 9 }))).toMatchObject({
      refused: [{ because: 'dispatched' }],
    });
  });

  test('a leader whose epoch is over commits nothing', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    const old = await life.election.lead(worker, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const other = idFromUuid('WorkerId', randomUUID());
    const current = await life.election.lead(other, 10_000);
    expect(current?.epoch).toBe((old?.epoch ?? 0) + 1);
    expect(await life.election.lead(worker, 1)).toBeUndefined();
    const commit = { assignments: [life.assignment(job)], holds: [], rejections: [], overflowing: [] };
    expect(await life.commit(commit, old ?? { holder: worker, epoch: 0 })).toEqual({ kind: 'deposed' });
    expect(await life.stateOf(job.id)).toBe('queued');
  });

  test('cancelling is the same at every state, however often it is asked', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const [queued, dispatched, running] = [newJob(), newJob(), newJob()];
    for (const job of [queued, dispatched, running]) await life.submit(job, noLimit, undefined);
    await life.beat();
    await life.dispatch(life.assignment(dispatched));
    const claim = await life.run(running);
    for (const job of [queued, dispatched, running]) {
      expect(await life.cancel(job.id, tenant)).toEqual({ kind: 'cancelled' });
      expect(await life.cancel(job.id, tenant)).toEqual({ kind: 'ended', state: 'cancelled' });
    }
    expect(await life.cancel(queued.id, 'other' as TenantId)).toEqual({ kind: 'not-found' });
    expect(await life.claim(dispatched.id, 1, worker, gpu, 'local')).toMatchObject({ kind: 'refused' });
    expect(await life.settle(claim.lease, completed)).toMatchObject({ kind: 'lost' });
    expect(await life.beat([claim.lease])).toEqual({ kind: 'alive', lost: [running.id] });
    expect(await leftBehind(store)).toEqual(NOTHING);
  });

  test('clocks: time to start ends what never ran, and only the deadline ends what did', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const late = newJob({ startWithinMs: 1 });
    const running = newJob({ startWithinMs: 1000 });
    await life.submit(late, noLimit, undefined);
    await life.submit(running, noLimit, undefined);
    await life.beat();
    const claim = await life.run(running);
    await store.redis.zadd(`${store.keys.prefix}clocks`, 1, running.id);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await life.duties.expireJobs()).toBe(1);
    expect(await life.reader.one(late.id)).toMatchObject({ state: 'expired', error: { code: 'expired' } });
    expect(await life.stateOf(running.id)).toBe('running');
    await life.settle(claim.lease, { kind: 'expired' });
    expect(await life.stateOf(running.id)).toBe('expired');
    expect(await leftBehind(store)).toEqual(NOTHING);
  });

  test('a retry waits its time outside the lanes and comes back with its old rank', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.beat();
    const claim = await life.run(job);
    const { nowMs } = await life.snapshot();
    await life.settle(claim.lease, {
      kind: 'retry',
      reason: { kind: 'backend-overloaded', detail: '503' },
      availableAtMs: nowMs + 60,
      exclude: gpu,
      backendFault: { blamed: true, coolForMs: 5000 },
    });
    expect((await life.snapshot()).lanes).toEqual([]);
    await expect
      .poll(async () => (await life.snapshot()).lanes, { interval: 10, timeout: 2000 })
      .toMatchObject([{ depth: 1, head: [{ id: job.id, fence: 1, excluded: [gpu] }] }]);
    const { backends } = await life.snapshot();
    expect(backends[0]?.coolingUntilMs).toBeGreaterThan(nowMs + 4000);
  });

  test('what a dead worker held goes back to its lane, and a job that kills its workers is given up', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const [running, dispatched] = [newJob(), newJob()];
    for (const job of [running, dispatched]) await life.submit(job, noLimit, undefined);
    for (const [death, fence] of [0, 1, 2].entries()) {
      await life.beat();
      const claim = await life.run(running, fence);
      expect(claim.attempt).toBe(death + 1);
      if (death === 0) await life.dispatch(life.assignment(dispatched));
      await store.redis.zadd(`${store.keys.prefix}workers`, 1, worker);
      await store.redis.hset(store.keys.backend(gpu), 'heard_at_ms', 1);
      const rescue = await life.duties.rescueJobs();
      expect(rescue).toMatchObject(death === 2 ? { poisoned: 1 } : { rescued: death === 0 ? 2 : 1 });
    }
    expect(await life.reader.one(running.id)).toMatchObject({ state: 'failed', error: { code: 'worker-lost' } });
    expect(await life.stateOf(dispatched.id)).toBe('queued');
  });

  test('a dispatch whose hint went missing is found again', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.beat();
    await life.dispatch(life.assignment(job));
    expect((await life.duties.rescueJobs()).unclaimed).toEqual([]);
    await store.redis.zadd(`${store.keys.prefix}backend:${gpu}:held`, 1, job.id);
    expect((await life.duties.rescueJobs()).unclaimed).toEqual([{ jobId: job.id, fence: 1, backendId: gpu }]);
  });

  test('a second worker of a local engine stands by until the first is dead', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const second = idFromUuid('WorkerId', randomUUID());
    await life.beat();
    expect(await life.beat([], second)).toEqual({ kind: 'standby', owner: worker });
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.dispatch(life.assignment(job));
    expect(await life.leave(worker, gpu, true)).toBe(1);
    expect(await life.stateOf(job.id)).toBe('queued');
    expect(await life.beat([], second)).toEqual({ kind: 'alive', lost: [] });
  });

  test('ended jobs are forgotten when their time is over', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob({ retainMs: 1 });
    await life.submit(job, noLimit, undefined);
    await life.cancel(job.id, tenant);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await life.duties.purgeRetained()).toBe(1);
    expect(await life.reader.one(job.id)).toBeUndefined();
    expect(await store.redis.zcard(store.keys.tenantJobs(tenant))).toBe(0);
  });
});

describe('admission', () => {
  test('one idempotency key makes one job, also under concurrency, and refuses another body', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const key = { key: 'k-1', bodyHash: 'h-1' };
    const jobs = Array.from({ length: 20 }, () => newJob());
    const replies = await Promise.all(jobs.map((job) => life.submit(job, noLimit, key)));
    expect(replies.filter((reply) => reply.kind === 'accepted')).toHaveLength(1);
    expect(replies.filter((reply) => reply.kind === 'replayed')).toHaveLength(19);
    expect(await life.submit(newJob(), noLimit, { key: 'k-1', bodyHash: 'h-2' })).toEqual({ kind: 'conflict' });
    expect((await life.snapshot()).lanes).toMatchObject([{ depth: 1 }]);
  });

  test('quota and queue length refuse before anything is written', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const limits = { maxQueuedJobs: 1, maxQueueLength: undefined };
    await life.submit(newJob(), limits, undefined);
    expect(await life.submit(newJob(), limits, undefined)).toEqual({ kind: 'over-quota', live: 1 });
    expect(await life.submit(newJob(), { maxQueuedJobs: 9, maxQueueLength: 0 }, undefined)).toEqual({
      kind: 'queue-too-long',
      length: 1,
    });
  });

  test('the position counts more urgent classes and earlier deadlines of the same model group', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const lane = newJob().lane;
    const mine = newJob({ deadlineMs: 50_000 });
    for (const job of [
      newJob({ lane: { ...lane, jobClass: 'interactive' } }),
      newJob({ lane: { ...lane, tenantId: 'other' as TenantId }, deadlineMs: 40_000 }),
      newJob({ deadlineMs: 10_000 }),
      newJob({ deadlineMs: 55_000 }),
      newJob({ lane: { ...lane, modelGroup: 'another' }, deadlineMs: 1000 }),
      newJob({ lane: { ...lane, jobClass: 'batch' }, deadlineMs: 1000 }),
      mine,
    ]) {
      await life.submit(job, noLimit, undefined);
    }
    const record = await life.reader.one(mine.id);
    expect(record && (await life.reader.position(record))).toBe(4);
  });

  test('lists are newest first, by page, and filtered', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const list = createListJobs(store.redis, store.keys, life.reader);
    const jobs = Array.from({ length: 5 }, (_, index) =>
      newJob({ id: idFromUuid('JobId', `0190000${index}-0000-7000-8000-000000000000`) }),
    );
    for (const job of jobs) await life.submit(job, noLimit, undefined);
    await life.cancel(jobs[0]?.id ?? newJob().id, tenant);
    const all = { states: undefined, jobClass: undefined, batchId: undefined, after: undefined, limit: 2 };
    const first = await list(tenant, all);
    expect(first.hasMore).toBe(true);
    expect(first.jobs.map((job) => job.id)).toEqual([jobs[4]?.id, jobs[3]?.id]);
    const rest = await list(tenant, { ...all, after: first.jobs[1]?.id, limit: 9 });
    expect(rest).toMatchObject({ hasMore: false });
    expect(rest.jobs).toHaveLength(3);
    expect((await list(tenant, { ...all, states: ['cancelled'] })).jobs).toHaveLength(1);
    expect((await list('other' as TenantId, all)).jobs).toEqual([]);
  });
});

describe('a batch', () => {
  test('counts the end of each document, and its own end makes one event', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const submitBatch = createSubmitBatch(store.redis, store.keys);
    const batches = createBatchReader(store.redis, store.keys);
    const id = idFromUuid('BatchId', randomUUID());
    const jobs = [newJob(), newJob()];
    const reply = await submitBatch(
      {
        id,
        tenantId: tenant,
        description: { model: 'auto', metadata: null },
        webhook: { url: 'http://127.0.0.1:9/' },
        retainMs: 60_000,
        items: [
          ...jobs.map((job, index) => ({ document: `${index}.txt`, sha256: 'aa', job })),
          { document: 'empty.txt', sha256: 'bb', error: { code: 'empty', detail: 'nothing in it' } },
        ],
      },
      10,
      { key: 'batch', bodyHash: 'h' },
    );
    expect(reply).toEqual({ kind: 'accepted' });
    expect(await batches.one(id)).toMatchObject({ status: 'in_progress', counts: { total: 3, failed: 1 } });
    await life.beat();
    const claim = await life.run(jobs[0] ?? newJob());
    await life.settle(claim.lease, completed);
    expect(await store.redis.xlen(store.keys.events)).toBe(0);
    await life.cancel(jobs[1]?.id ?? newJob().id, tenant);
    expect(await batches.one(id)).toMatchObject({
      status: 'completed',
      counts: { total: 3, completed: 1, failed: 1, cancelled: 1, expired: 0 },
    });
    expect(await store.redis.xlen(store.keys.events)).toBe(1);
    expect(await batches.items(id, 0, 10)).toMatchObject([{ job: jobs[0]?.id }, {}, { error: { code: 'empty' } }]);
    expect(await leftBehind(store)).toEqual(NOTHING);
  });
});
