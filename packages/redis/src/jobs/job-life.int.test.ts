import { randomUUID } from 'node:crypto';
import { idFromUuid, type TenantId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { openTestStore } from '../testing/open-test-store.ts';
import {
  NO_PLAN,
  NOTHING,
  completed,
  gpu,
  leftBehind,
  newJob,
  noLimit,
  openLife,
  tenant,
  worker,
} from './job-life.fixtures.ts';

describe('the life of a job in the store', () => {
  test('a job goes through every state and leaves nothing behind', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    const submission = await life.submit(job, noLimit, undefined);
    expect(submission, 'is told as it was written').toEqual({
      kind: 'accepted',
      record: await life.reader.one(job.id),
      position: 1,
    });
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
    const again = await life.settle(second.lease, completed);
    expect(again, 'a command sent twice is answered as the first time').toMatchObject({ kind: 'settled' });
    const thief = { ...second.lease, workerId: idFromUuid('WorkerId', randomUUID()) };
    expect(await life.settle(thief, completed)).toMatchObject({ kind: 'lost', state: 'completed' });
    const record = await life.reader.one(job.id);
    expect(record?.version).toBe(7);
    expect(await leftBehind(store)).toEqual(NOTHING);
  });

  test('of two claims at once each job goes to one, oldest dispatch first, and no more than asked for', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const jobs = [newJob(), newJob(), newJob()];
    for (const job of jobs) await life.submit(job, noLimit, undefined);
    await life.beat();
    for (const job of jobs) {
      await life.dispatch(life.assignment(job));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const other = idFromUuid('WorkerId', randomUUID());
    const [one, two] = await Promise.all([life.claim(2), life.claim(2, other)]);
    expect(one.claims.map(({ lease }) => lease.jobId)).toEqual([jobs[0]?.id, jobs[1]?.id]);
    expect(two.claims.map(({ lease }) => lease)).toEqual([{ jobId: jobs[2]?.id, fence: 1, workerId: other }]);
    expect(await life.claim(2)).toEqual({ claims: [], blocked: [] });
  });

  test('a job whose request is gone fails alone, and the others of its backend are claimed', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const [broken, fine] = [newJob(), newJob()];
    for (const job of [broken, fine]) await life.submit(job, noLimit, undefined);
    await life.beat();
    await life.dispatch(life.assignment(broken), life.assignment(fine));
    await store.redis.del(store.keys.request(broken.id));
    expect((await life.claim(2)).claims.map(({ lease }) => lease.jobId)).toEqual([fine.id]);
    expect(await life.reader.one(broken.id)).toMatchObject({
      state: 'failed',
      error: { code: 'unservable' },
    });
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
    expect(await life.claimAsCloud()).toEqual({ claims: [], blocked: [job.id] });
    expect(await life.stateOf(job.id), 'and is not stuck there').toBe('queued');
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
    const commit = { ...NO_PLAN, assignments: [life.assignment(job)] };
    expect(await life.commit(commit, old ?? { holder: worker, epoch: 0 })).toEqual({ kind: 'deposed' });
    expect(await life.stateOf(job.id)).toBe('queued');
  });

  test('cancelling is the same at every state, however often it is asked', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const [queued, dispatched, running] = [newJob(), newJob(), newJob()];
    for (const job of [queued, dispatched, running]) await life.submit(job, noLimit, undefined);
    await life.beat();
    const claim = await life.run(running);
    await life.dispatch(life.assignment(dispatched));
    for (const job of [queued, dispatched, running]) {
      expect(await life.cancel(job.id, tenant)).toEqual({ kind: 'cancelled' });
      expect(await life.cancel(job.id, tenant)).toEqual({ kind: 'ended', state: 'cancelled' });
    }
    expect(await life.cancel(queued.id, 'other' as TenantId)).toEqual({ kind: 'not-found' });
    expect((await life.claim()).claims).toEqual([]);
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
    await store.redis.zadd(`${store.keys.prefix}clocks:start`, 1, running.id);
    await store.redis.zadd(`${store.keys.prefix}clocks:deadline`, 1, running.id);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await life.duties.expireUnstarted()).toBe(1);
    expect(await life.duties.expireOverdue()).toBe(0);
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
