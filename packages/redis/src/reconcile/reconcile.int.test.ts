import { describe, expect, test } from 'vitest';
import { newJob, tenant } from '../jobs/job-life.fixtures.ts';
import { DRIFT_KINDS, type DriftKind } from './drift.ts';
import { lane, openDriftingCell, type Plant } from './drifting-cell.fixtures.ts';
import { PLANTS_OF_HOLDING } from './plants-of-holding.fixtures.ts';
import { PLANTS_OF_LIFE } from './plants-of-life.fixtures.ts';
import { PLANTS_OF_WAITING } from './plants-of-waiting.fixtures.ts';
import { createReconciler } from './reconciler.ts';

const PLANTS: Readonly<Record<DriftKind, Plant>> = {
  ...PLANTS_OF_WAITING,
  ...PLANTS_OF_HOLDING,
  ...PLANTS_OF_LIFE,
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

  test('a batch whose last end was not counted ends, with its event', async () => {
    await using cell = await openDriftingCell();
    const job = newJob();
    const batch = await cell.batch([job]);
    await cell.life.cancel(job.id, tenant);
    await cell.redis.hset(cell.keys.batch(batch), 'left', 1, 'cancelled', 0, 'status', 'in_progress');
    await cell.redis.hdel(cell.keys.batch(batch), 'completed_at_ms');
    await cell.redis.zrem(cell.key('retained'), batch);
    await cell.redis.xtrim(cell.keys.events, 'MAXLEN', 0);
    expect(await cell.repair()).toEqual([{ kind: 'batch-counters', subject: batch }]);
    const counters = await cell.redis.hmget(cell.keys.batch(batch), 'status', 'left', 'failed', 'cancelled');
    expect(counters).toEqual(['completed', '0', '1', '1']);
    expect(await cell.redis.xlen(cell.keys.events)).toBe(1);
    expect((await cell.audit()).drift).toEqual([]);
  });

  test('a batch is kept as long as its record says, and while it is in progress', async () => {
    await using cell = await openDriftingCell();
    const job = newJob();
    const batch = await cell.batch([job]);
    await cell.redis.zadd(cell.key('retained'), 1, batch);
    expect(await cell.repair()).toEqual([{ kind: 'retained-stray', subject: batch }]);
    await cell.life.cancel(job.id, tenant);
    const score = await cell.redis.zscore(cell.key('retained'), batch);
    await cell.redis.zadd(cell.key('retained'), 1, batch);
    expect(await cell.repair()).toEqual([{ kind: 'retained-misplaced', subject: batch }]);
    await cell.redis.zrem(cell.key('retained'), batch);
    expect(await cell.repair()).toEqual([{ kind: 'retained-missing', subject: batch }]);
    expect(await cell.redis.zscore(cell.key('retained'), batch)).toBe(score);
  });

  test('counters of which a job is forgotten, and records nobody can read, are left alone', async () => {
    await using cell = await openDriftingCell();
    const [first, second] = [newJob({ retainMs: 1 }), newJob()];
    await cell.batch([first, second]);
    await cell.life.cancel(first.id, tenant);
    await expect.poll(() => cell.life.duties.purgeRetained()).toBe(1);
    const unread = newJob();
    await cell.redis.hset(cell.keys.job(unread.id), 'state', 'of tomorrow');
    await cell.redis.sadd(cell.key(`tenant:${tenant}:live`), unread.id);
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
    await cell.batch([]);
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
