import type { TenantId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { webhook } from '../batches/batch-life.fixtures.ts';
import { newJob, tenant } from '../jobs/job-life.fixtures.ts';
import { DRIFT_KINDS, type RepairedKind } from './drift.ts';
import { lane, LATER_MS, openDriftingCell, type Plant } from './drifting-cell.fixtures.ts';
import { PLANTS_OF_BATCHES } from './plants-of-batches.fixtures.ts';
import { PLANTS_OF_FAIRNESS } from './plants-of-fairness.fixtures.ts';
import { PLANTS_OF_HOLDING } from './plants-of-holding.fixtures.ts';
import { PLANTS_OF_LIFE } from './plants-of-life.fixtures.ts';
import { PLANTS_OF_WAITING } from './plants-of-waiting.fixtures.ts';
import { createReconciler } from './reconciler.ts';

const PLANTS: Readonly<Record<RepairedKind, Plant>> = {
  ...PLANTS_OF_WAITING,
  ...PLANTS_OF_HOLDING,
  ...PLANTS_OF_LIFE,
  ...PLANTS_OF_FAIRNESS,
  ...PLANTS_OF_BATCHES,
};

describe('each kind of drift', () => {
  test.each(DRIFT_KINDS)('%s is found, named, repaired, and forgotten', async (kind) => {
    await using cell = await openDriftingCell();
    expect((await cell.audit()).drift).toEqual([]);
    const { subject, audited = [], healthy, observe } = await PLANTS[kind](cell);
    const { drift } = await cell.audit();
    expect(drift.map((found) => found.kind).toSorted()).toEqual([kind, ...audited].toSorted());
    expect(drift).toContainEqual({ kind, subject });
    expect((await cell.audit()).drift, 'looking changes nothing').toEqual(drift);
    expect(await cell.repair(), 'what follows from it is right with it').toEqual([{ kind, subject }]);
    expect((await cell.audit()).drift).toEqual([]);
    expect(await cell.repair()).toEqual([]);
    expect(await observe()).toEqual(healthy);
  });
});

describe('without a repair', () => {
  test.each(DRIFT_KINDS)('%s does its harm', async (kind) => {
    await using cell = await openDriftingCell();
    const { healthy, observe } = await PLANTS[kind](cell);
    expect(await observe()).not.toEqual(healthy);
  });
});

describe('the reconciler', () => {
  test('comes to everything step by step', async () => {
    await using cell = await openDriftingCell();
    const jobs = [];
    for (let count = 0; count < 700; count += 1) jobs.push(newJob());
    await Promise.all(
      jobs.map((job) => cell.life.submit(job, { maxQueuedJobs: 1000, maxQueueLength: undefined }, undefined)),
    );
    const lanes = await cell.redis.keys(cell.key('lane:*'));
    await cell.redis.del(...lanes);
    const reconciler = createReconciler(cell.redis, cell.keys);
    const found = new Set<string>();
    let most = 0;
    await expect
      .poll(async () => {
        const drift = await reconciler.step();
        most = Math.max(most, drift.length);
        for (const { kind, subject } of drift) if (kind === 'lane-missing') found.add(subject);
        return found.size;
      })
      .toBe(700);
    expect(most, 'of one step').toBeLessThan(700);
    expect((await cell.audit()).drift).toEqual([]);
  });

  test('a lane that held nothing but a stray is no lane any more', async () => {
    await using cell = await openDriftingCell();
    const { lease } = await cell.running();
    const job = await cell.queued();
    await cell.redis.zadd(cell.key(`lane:${lane}`), 1, lease.jobId);
    await cell.life.cancel(job.id, tenant);
    expect(await cell.redis.smembers(cell.key('lanes'))).toEqual([lane]);
    expect(await cell.repair()).toEqual([{ kind: 'lane-stray', subject: lease.jobId }]);
    expect(await cell.redis.smembers(cell.key('lanes'))).toEqual([]);
  });

  test('the prompt tokens of a lane that holds nothing are forgotten', async () => {
    await using cell = await openDriftingCell();
    await cell.redis.hset(cell.key('lanes:input'), lane, 10);
    expect((await cell.audit()).drift).toEqual([{ kind: 'lanes-input', subject: lane }]);
    expect(await cell.repair()).toEqual([{ kind: 'lanes-input', subject: lane }]);
    expect(await cell.redis.exists(cell.key('lanes:input'))).toBe(0);
  });

  test('the prompt tokens of a lane too long to be summed up at once are left alone until it is shorter', async () => {
    await using cell = await openDriftingCell();
    const limits = { maxQueuedJobs: 2000, maxQueueLength: undefined };
    const jobs = Array.from({ length: 1001 }, () => newJob());
    await Promise.all(jobs.map((job) => cell.life.submit(job, limits, undefined)));
    await cell.redis.hincrby(cell.key('lanes:input'), lane, 5);
    expect(await cell.repair()).toEqual([]);
    await cell.life.cancel(jobs[0]?.id ?? newJob().id, tenant);
    expect(await cell.repair()).toEqual([{ kind: 'lanes-input', subject: lane }]);
    expect(await cell.redis.hget(cell.key('lanes:input'), lane)).toBe('10000');
  });

  test('a tenant on credit, or that was given something back, counts for others above its counter', async () => {
    await using cell = await openDriftingCell();
    const given = await cell.queued();
    await cell.life.dispatch(cell.life.assignment(given, { charge: 30_000 }));
    await cell.queued();
    await cell.queued({ lane: { ...newJob().lane, tenantId: 'on-credit' as TenantId } });
    await cell.life.dispatch(cell.life.assignment(await cell.queued(), { charge: 1000 }));
    await cell.life.cancel(given.id, tenant);
    const scores = await cell.redis.zrange(cell.key('fairness:active'), '0', '-1', 'WITHSCORES');
    expect(scores).toEqual(['on-credit', '30000', tenant, '31000']);
    expect(await cell.redis.hgetall(cell.key('fairness'))).toEqual({
      'on-credit': '20000',
      [tenant]: '1000',
    });
    expect((await cell.audit()).drift).toEqual([]);
    expect(await cell.repair()).toEqual([]);
  });

  test('a batch that its tenant forgot may go sooner than its record says, and not later', async () => {
    await using cell = await openDriftingCell();
    const { id } = await cell.batches.create();
    const lease = await cell.batches.take();
    await cell.batches.work.move(lease, 'validating', 'failed', undefined);
    await cell.batches.store.forget(id, tenant);
    expect((await cell.audit()).drift).toEqual([]);
    const retained = cell.key('batches:retained');
    await cell.redis.zadd(retained, LATER_MS, id);
    expect(await cell.repair()).toEqual([{ kind: 'batch-retained-misplaced', subject: id }]);
    await cell.redis.zrem(retained, id);
    expect(await cell.repair()).toEqual([{ kind: 'batch-retained-missing', subject: id }]);
    expect(Number(await cell.redis.zscore(retained, id))).toBeLessThan(LATER_MS - 3_000_000);
    expect((await cell.audit()).drift).toEqual([]);
  });

  test('a batch that a worker has is looked at: it need not be due, too', async () => {
    await using cell = await openDriftingCell();
    const { id } = await cell.batches.begin(1);
    expect(await cell.redis.zscore(cell.key('batches:due'), id)).toBeNull();
    expect((await cell.audit()).drift).toEqual([]);
  });

  test('counters of a batch that are not as many as its lines with an outcome are told, and left alone', async () => {
    await using cell = await openDriftingCell();
    const begun = await cell.batches.begin(3);
    const [job = newJob()] = await cell.batches.feed(begun, 3);
    await cell.life.cancel(job.id, tenant);
    expect((await cell.audit()).drift).toEqual([]);
    const record = cell.keys.batch(begun.id);
    const told = [{ kind: 'batch-counters', subject: begun.id }];
    await cell.redis.hincrby(record, 'cancelled', 1);
    expect((await cell.audit()).drift, 'counted twice').toEqual(told);
    expect(await cell.repair()).toEqual([]);
    await cell.redis.hincrby(record, 'cancelled', -1);
    await cell.redis.setbit(`${record}:done`, 2, 1);
    expect((await cell.audit()).drift, 'marked without an outcome').toEqual(told);
    await cell.redis.setbit(`${record}:done`, 2, 0);
    await cell.redis.lpop(cell.keys.batchSettled(begun.id));
    expect((await cell.audit()).drift, 'an outcome was lost').toEqual(told);
  });

  test('records nobody can read are left alone', async () => {
    await using cell = await openDriftingCell();
    const unread = newJob();
    await cell.redis.hset(cell.keys.job(unread.id), 'state', 'of tomorrow');
    await cell.redis.sadd(cell.key(`tenant:${tenant}:live`), unread.id);
    await cell.redis.hset(cell.key('batch:of-tomorrow'), 'state', 'unknown');
    expect((await cell.audit()).drift).toEqual([]);
    expect(await cell.repair()).toEqual([]);
  });
});

describe('the audit', () => {
  test('counts what stands in the indices, listed or not', async () => {
    await using cell = await openDriftingCell();
    await cell.retrying();
    await cell.running();
    await cell.dispatched();
    await cell.queued();
    await cell.batches.create({ webhook });
    const lease = await cell.batches.take();
    await cell.batches.work.move(lease, 'validating', 'failed', 'batch.failed');
    await cell.redis.del(cell.key('lanes'));
    expect(await cell.audit()).toMatchObject({
      live: 4,
      queued: 1,
      retrying: 1,
      dispatched: 1,
      running: 1,
      held: 1,
      undelivered: 1,
    });
  });

  test('of an empty cell is empty', async () => {
    await using cell = await openDriftingCell();
    expect(await cell.audit()).toEqual({
      live: 0,
      queued: 0,
      retrying: 0,
      dispatched: 0,
      running: 0,
      held: 0,
      undelivered: 0,
      drift: [],
    });
  });
});
