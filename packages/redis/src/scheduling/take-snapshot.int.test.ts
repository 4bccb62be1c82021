import { type JobId, outputLengthKey } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { gpu, newJob, noLimit, openLife, tenant } from '../jobs/job-life.fixtures.ts';
import { laneKey } from '../keys.ts';
import { createAuditCell } from '../reconcile/audit-cell.ts';
import { openTestStore } from '../testing/open-test-store.ts';
import { createTakeSnapshot } from './take-snapshot.ts';

const failure = {
  reason: { kind: 'backend-error', detail: '500' },
  exclude: undefined,
  backendFault: { blamed: false, coolForMs: 0 },
} as const;

test('an entry that cannot be read is left out and named, and stops nothing else', async () => {
  await using store = await openTestStore();
  const life = openLife(store);
  await life.submit(newJob(), noLimit, undefined);
  await life.beat();
  await store.redis.sadd(store.keys.backends, 'odd');
  await store.redis.hset(`${store.keys.prefix}backend:odd`, 'descriptor', '{"kind":7}', 'slots', '1');
  await store.redis.sadd(`${store.keys.prefix}lanes`, 'not-a-lane');
  const odd = newJob();
  await life.submit(odd, noLimit, undefined);
  await store.redis.hset(store.keys.job(odd.id), 'features', '{"of":"another version"}');
  const snapshot = await life.snapshot();
  expect(snapshot.backends.map(({ id }) => id)).toEqual([gpu]);
  expect(snapshot.lanes).toMatchObject([{ depth: 2, head: [expect.anything()] }]);
  expect(snapshot.unreadable.toSorted()).toEqual(['backend odd', `job ${odd.id}`, 'lane not-a-lane']);
});

test('jobs on their last chance in front of a lane do not hide those behind them', async () => {
  await using store = await openTestStore();
  const life = openLife(store);
  const suspects = Array.from({ length: 20 }, (_, index) => newJob({ deadlineMs: 10_000 + index }));
  const behind = Array.from({ length: 3 }, (_, index) => newJob({ deadlineMs: 20_000 + index }));
  for (const job of [...suspects, ...behind]) await life.submit(job, noLimit, undefined);
  for (const job of suspects) await store.redis.hset(store.keys.job(job.id), 'rescues', 2);
  await life.beat();
  const [lane] = (await life.snapshot()).lanes;
  expect(lane?.depth).toBe(23);
  expect(lane?.head.map(({ id }) => id)).toEqual([...suspects.slice(0, 2), ...behind].map(({ id }) => id));
});

const places = (jobs: readonly { readonly job: { readonly id: JobId }; readonly ahead: number }[]) =>
  jobs.map(({ job, ahead }) => [job.id, ahead]);

describe('what a plan sees of a job', () => {
  test('is all that was submitted, and how long it waits', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const features = {
      ...newJob().features,
      task: 'summary',
      prefix: [7, 2 ** 53 - 1],
      minQuality: 0.6,
      maxCostUsd: 0.02,
    };
    const job = newJob({ features, deadlineMs: 90_000, maxWaitMs: 5000 });
    const reply = await life.submit(job, noLimit, undefined);
    if (reply.kind !== 'accepted') throw new Error(reply.kind);
    const { createdAtMs, deadlineAtMs } = reply.record;
    expect(deadlineAtMs, 'ageing moves no deadline').toBe(createdAtMs + 90_000);
    const view = {
      id: job.id,
      fence: 0,
      ...features,
      submittedAtMs: createdAtMs,
      queuedAtMs: createdAtMs,
      deadlineAtMs,
      rescues: 0,
      excluded: [],
    };
    const snapshot = await life.snapshot();
    expect(snapshot.lanes).toEqual([
      { key: laneKey(job.lane), ...job.lane, depth: 1, inputTokens: 10, head: [view] },
    ]);
    expect(snapshot.fresh).toEqual([{ laneKey: laneKey(job.lane), job: view, ahead: 0 }]);
  });

  test('a lane tells the prompt tokens of all its jobs, also of those behind its head', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    for (const inputTokens of [100, 20, 3]) {
      await life.submit(newJob({ features: { ...newJob().features, inputTokens } }), noLimit, undefined);
    }
    const [lane] = (await life.snapshot()).lanes;
    expect(lane).toMatchObject({ depth: 3, inputTokens: 123, head: [expect.anything()] });
  });
});

describe('fresh jobs', () => {
  test('come oldest first with their rank, until a commit has looked at them', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    await life.beat();
    const jobs = [30_000, 20_000, 10_000].map((deadlineMs) => newJob({ deadlineMs }));
    for (const [index, job] of jobs.entries()) {
      await life.submit(job, noLimit, undefined);
      await store.redis.zadd(`${store.keys.prefix}fresh`, 'XX', index, job.id);
    }
    const [first, second, third] = jobs.map(({ id }) => id);
    expect(places((await life.snapshot()).fresh)).toEqual([
      [first, 2],
      [second, 1],
      [third, 0],
    ]);
    await life.commitAsLeader({ looked: [first, third].filter((id) => id !== undefined) });
    expect(places((await life.snapshot()).fresh)).toEqual([[second, 1]]);
    await life.dispatch(...jobs.slice(1, 2).map((job) => life.assignment(job)));
    expect((await life.snapshot()).fresh, 'one that was dispatched is none').toEqual([]);
  });

  test('are those that may go elsewhere at once, or soon', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const { lane } = newJob();
    const interactive = newJob({ lane: { ...lane, jobClass: 'interactive' } });
    const batch = { ...lane, jobClass: 'batch' } as const;
    const toTheCloud = newJob({ lane: batch, cloudAtOnce: true, deadlineMs: 70_000 });
    for (const job of [
      newJob({ lane: { ...lane, pinned: true }, cloudAtOnce: true }),
      newJob({ lane: batch }),
      interactive,
      toTheCloud,
    ]) {
      await life.submit(job, noLimit, undefined);
    }
    const { fresh } = await life.snapshot();
    expect(places(fresh.toSorted((a, b) => a.ahead - b.ahead))).toEqual([
      [interactive.id, 0],
      [toTheCloud.id, 1],
    ]);
  });

  test('batch work that may use the cloud at once is fresh again after a retry, and gone once it has ended', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob({ lane: { ...newJob().lane, jobClass: 'batch' }, cloudAtOnce: true });
    await life.submit(job, noLimit, undefined);
    await life.beat();
    const { lease } = await life.run(job);
    expect((await life.snapshot()).fresh).toEqual([]);
    await life.settle(lease, { kind: 'retry', ...failure, availableAtMs: Date.now() + 3_600_000 });
    await store.redis.zadd(`${store.keys.prefix}retry`, 1, job.id);
    expect(places((await life.snapshot()).fresh)).toEqual([[job.id, 0]]);
    expect((await createAuditCell(store.redis, store.keys)()).drift).toEqual([]);
    await life.cancel(job.id, tenant);
    expect(await store.redis.zcard(`${store.keys.prefix}fresh`)).toBe(0);
  });

  test('a job that comes back to its lane is fresh again, and is not while it waits for its retry', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.beat();
    const { lease } = await life.run(job);
    await life.settle(lease, { kind: 'retry', ...failure, availableAtMs: Date.now() + 3_600_000 });
    expect(await life.snapshot()).toMatchObject({ lanes: [], fresh: [] });
    await store.redis.zadd(`${store.keys.prefix}retry`, 1, job.id);
    expect(await life.peek(), 'who only looks moves nothing').toMatchObject({ lanes: [], fresh: [] });
    expect(await life.snapshot()).toMatchObject({ lanes: [{ depth: 1 }], fresh: [{ job: { fence: 1 } }] });
    expect(await life.peek()).toMatchObject({ lanes: [{ depth: 1 }], fresh: [{ ahead: 0 }] });
  });

  test('are at most 256', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    await Promise.all(Array.from({ length: 300 }, () => life.submit(newJob(), noLimit, undefined)));
    expect((await life.snapshot()).fresh).toHaveLength(256);
  });
});

test('a backend tells when the next pinned job it holds is due, from dispatch to end; overdue ones do not count', async () => {
  await using store = await openTestStore();
  const life = openLife(store);
  await life.beat();
  const pinned = { ...newJob().lane, pinned: true };
  const [open, later, sooner] = [
    newJob({ deadlineMs: 10_000 }),
    newJob({ lane: pinned, deadlineMs: 90_000 }),
    newJob({ lane: pinned, deadlineMs: 30_000 }),
  ];
  const dueAtMs = async (job: typeof open) => (await life.reader.one(job.id))?.deadlineAtMs;
  const nextDueAtMs = async () => (await life.snapshot()).backends[0]?.pinnedDue?.atMs;
  for (const job of [open, later, sooner]) await life.submit(job, noLimit, undefined);
  await life.dispatch(life.assignment(open));
  expect((await life.snapshot()).backends[0]).not.toHaveProperty('pinnedDue');
  await life.dispatch(life.assignment(later));
  expect(await nextDueAtMs()).toBe(await dueAtMs(later));
  await life.dispatch(life.assignment(sooner));
  expect(await nextDueAtMs()).toBe(await dueAtMs(sooner));
  const { claims } = await life.claim(3);
  expect(await nextDueAtMs(), 'running').toBe(await dueAtMs(sooner));
  expect((await life.peek()).backends[0]?.pinnedDue?.atMs).toBe(await dueAtMs(sooner));
  for (const { lease } of claims) {
    if (lease.jobId === sooner.id) await life.settle(lease, { kind: 'retry', ...failure, availableAtMs: 0 });
  }
  expect(await nextDueAtMs()).toBe(await dueAtMs(later));
  await store.redis.zadd(`${store.keys.backend(gpu)}:pinned`, 'XX', 1, later.id);
  expect(await nextDueAtMs()).toBeUndefined();
  await life.cancel(later.id, tenant);
  expect(await store.redis.exists(`${store.keys.backend(gpu)}:pinned`)).toBe(0);
});

test('of batch work so many more jobs are read, while a slot is free, that a run of one beginning can be found', async () => {
  await using store = await openTestStore();
  const life = openLife(store);
  const lane = { ...newJob().lane, jobClass: 'batch' as const };
  const jobs = Array.from({ length: 60 }, () => newJob({ lane }));
  for (const job of [...jobs, newJob(), newJob()]) await life.submit(job, noLimit, undefined);
  const heads = async () =>
    Object.fromEntries((await life.snapshot()).lanes.map(({ jobClass, head }) => [jobClass, head.length]));
  expect(await heads(), 'without any backend').toEqual({ batch: 1, standard: 1 });
  await life.beat();
  expect(await heads(), 'four slots free').toEqual({ batch: 5 + 2 * 16, standard: 2 });
  await life.dispatch(...jobs.slice(0, 4).map((job) => life.assignment(job)));
  expect(await heads(), 'all slots taken').toEqual({ batch: 1, standard: 1 });
});

test('counters are read of the tenants that have a lane, and of no others', async () => {
  await using store = await openTestStore();
  const life = openLife(store);
  await life.submit(newJob(), noLimit, undefined);
  await store.redis.hset(`${store.keys.prefix}fairness`, tenant, 12.5, 'idle', 7);
  expect((await life.snapshot()).virtualTokens).toEqual(new Map([[tenant, 12.5]]));
});

test('counters are read of tenants with a pinned job that a backend makes room for, too', async () => {
  await using store = await openTestStore();
  const life = openLife(store);
  const job = newJob({ lane: { ...newJob().lane, pinned: true } });
  await life.submit(job, noLimit, undefined);
  await life.beat();
  await life.dispatch(life.assignment(job));
  await store.redis.hset(`${store.keys.prefix}fairness`, tenant, 12.5);
  const { lanes, virtualTokens } = await life.snapshot();
  expect(lanes).toEqual([]);
  expect(virtualTokens).toEqual(new Map([[tenant, 12.5]]));
});

test('what overflows is told with its beginning; the set of a version before this one is nothing', async () => {
  await using store = await openTestStore();
  const life = openLife(store);
  const key = `${store.keys.prefix}overflowing`;
  await store.redis.sadd(key, 'small');
  expect((await life.snapshot()).overflowing).toEqual(new Map());
  await store.redis.del(key);
  await store.redis.hset(key, 'small', 1_795_000_000_000);
  expect((await life.snapshot()).overflowing).toEqual(new Map([['small', 1_795_000_000_000]]));
});

describe('lengths of answers', () => {
  test('are read as they were learned; what cannot be read is left out', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const key = outputLengthKey(tenant, 'small', 'chat');
    await store.redis.hset(
      `${store.keys.prefix}lengths`,
      key,
      '129 424.5 211 1000',
      'odd',
      '1 2',
      'odder',
      'x 1 1 1',
    );
    expect((await life.snapshot()).outputLengths).toEqual(
      new Map([[key, { p50: 129, p90: 424.5, mean: 211, samples: 1000 }]]),
    );
  });

  test('are not read again for every plan', async () => {
    await using store = await openTestStore();
    const takeSnapshot = createTakeSnapshot(store.redis, store.keys);
    expect((await takeSnapshot()).outputLengths.size).toBe(0);
    await store.redis.hset(`${store.keys.prefix}lengths`, 'a b c', '1 1 1 1');
    expect((await takeSnapshot()).outputLengths.size).toBe(0);
  });
});
