import { describe, expect, test } from 'vitest';
import { newJob, openLife, tenant } from '../jobs/job-life.fixtures.ts';
import { openTestStore } from '../testing/open-test-store.ts';
import { openBatches, webhook } from './batch-life.fixtures.ts';

const MISTAKES = [{ code: 'invalid_json', message: 'Not JSON.', param: null, line: 3 }];

describe('the end of a batch', () => {
  test('clears everything of it but its record, and tells its webhook once', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const batches = openBatches(store);
    const begun = await batches.begin(3, { webhook, retainMs: 5000 });
    const { id, lease } = begun;
    const [job = newJob()] = await batches.feed(begun, 1);
    const [step = newJob()] = await batches.feed(begun, 1, () => ({}), 'map-0');
    await store.redis.hset(store.keys.batchSteps(id), 1, '{}');
    await life.cancel(job.id, tenant);
    await batches.drain(begun, 1);
    await life.cancel(step.id, tenant);
    await batches.feed(begun, 1);
    expect(await batches.keysOf(id)).toEqual(['', ':done', ':ended', ':open', ':parts', ':steps']);

    await batches.sweep(lease, 'cancel');
    await batches.work.move(lease, 'in_progress', 'finalizing', undefined);
    const files = { output_file: 'file_a', error_file: 'file_b', cancelled: 2, expired: 1 };
    const end = () => batches.work.move(lease, 'finalizing', 'expired', 'batch.expired', files);
    expect(await end()).toBe(true);
    expect(await end(), 'sent again after its reply was lost').toBe(true);
    expect(await batches.keysOf(id)).toEqual(['']);
    const record = await batches.store.one(id, tenant);
    expect(record).toMatchObject({
      status: 'expired',
      counts: { total: 3, cancelled: 2, expired: 1 },
      outputFileId: 'file_a',
      errorFileId: 'file_b',
      linesPerSecond: undefined,
    });
    const entries = await store.redis.xrange(store.keys.events, '-', '+');
    expect(entries.map(([, fields]) => fields.slice(0, 4))).toEqual([
      ['type', 'batch.expired', 'subject', id],
    ]);
    expect(entries[0]?.[1]).toContain(JSON.stringify(webhook));
    const retained = Number(await store.redis.zscore(store.keys.batchesRetained, id));
    expect(retained).toBe((record?.endedAtMs ?? 0) + 5000);
    expect(await store.redis.smembers(`${store.keys.prefix}batches:running`)).toEqual([]);
  });

  test('tells nobody when no webhook was named', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    await batches.create();
    const lease = await batches.take();
    await batches.work.move(lease, 'validating', 'failed', 'batch.failed', {
      mistakes: JSON.stringify(MISTAKES),
    });
    expect(await store.redis.exists(store.keys.events)).toBe(0);
    expect((await batches.view(lease)).record).toMatchObject({ status: 'failed', mistakes: MISTAKES });
  });

  test('is not reached from a status it does not follow: who was overtaken changes nothing', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    const { id } = await batches.create();
    const lease = await batches.take();
    await batches.store.requestCancel(id, tenant);
    expect(
      await batches.work.move(lease, 'validating', 'in_progress', 'batch.in_progress', { total: 9 }),
    ).toBe(false);
    expect((await batches.view(lease)).record).toMatchObject({ status: 'cancelling', counts: { total: 0 } });
  });

  test('is not begun by a move that only sets fields', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    const { id } = await batches.create({ webhook });
    const lease = await batches.take();
    await batches.store.requestCancel(id, tenant);
    const before = await batches.view(lease);
    const counted = { validated: 1, total: 9 };
    expect(await batches.work.move(lease, 'cancelling', 'cancelling', undefined, counted)).toBe(true);
    const { record, view } = await batches.view(lease);
    expect(view).toEqual({ ...before.view, validated: true, total: 9 });
    expect(record).toMatchObject({
      status: 'cancelling',
      version: before.record.version,
      endedAtMs: undefined,
    });
    expect(await store.redis.exists(store.keys.events)).toBe(0);
  });

  test('comes with the instant of each status, and a version that rises with each', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    const begun = await batches.begin(0);
    const { lease } = begun;
    await batches.work.move(lease, 'in_progress', 'finalizing', undefined);
    await batches.work.move(lease, 'finalizing', 'completed', undefined);
    const { record } = await batches.view(lease);
    const { createdAtMs, inProgressAtMs = 0, finalizingAtMs = 0, endedAtMs = 0 } = record;
    const instants = [createdAtMs, inProgressAtMs, finalizingAtMs, endedAtMs];
    expect(instants).toEqual(instants.toSorted((a, b) => a - b));
    expect(createdAtMs).toBeGreaterThan(0);
    expect(record.cancellingAtMs).toBeUndefined();
    expect([begun.record.version, record.version]).toEqual([2, 4]);
  });

  test('lets it be known for its time, and then nothing of it is left', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    const { id } = await batches.create({ retainMs: 60_000 });
    const lease = await batches.take();
    await batches.work.move(lease, 'validating', 'failed', undefined);
    expect(await batches.work.outlived(9)).toEqual([]);
    await store.redis.zadd(store.keys.batchesRetained, 'XX', 1, id);
    expect(await batches.work.outlived(9)).toEqual([{ id, tenantId: tenant }]);
    expect(await batches.work.outlived(0)).toEqual([]);
    await batches.work.forget(id);
    expect(await store.redis.keys(`${store.keys.prefix}*`)).toEqual([]);
  });

  test('lets its tenant forget it at once; an earlier time stays', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    const { id } = await batches.create();
    const lease = await batches.take();
    await batches.work.move(lease, 'validating', 'failed', undefined);
    await store.redis.zadd(store.keys.batchesRetained, 'XX', 1, id);
    expect((await batches.store.forget(id, tenant)).kind).toBe('changed');
    expect(await batches.store.forget(id, tenant), 'again').toEqual({ kind: 'not-found' });
    expect(await batches.work.outlived(9)).toEqual([{ id, tenantId: tenant }]);
    await batches.work.forget(id);
    expect(await store.redis.keys(`${store.keys.prefix}*`)).toEqual([]);
  });
});

describe('how fast a batch goes', () => {
  test('is told by the lines that ended of late, and forgets what was before', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const batches = openBatches(store);
    const begun = await batches.begin(100);
    const { id, lease } = begun;
    const rate = async () => (await batches.view(lease)).record.linesPerSecond;
    /** As if the rate had been told so long ago. */
    const pass = async (ms: number) => {
      const { nowMs } = await batches.view(lease);
      await store.redis.hset(store.keys.batch(id), 'rate_at_ms', nowMs - ms);
    };
    const end = async (count: number) => {
      for (const job of await batches.feed(begun, count)) await life.cancel(job.id, tenant);
    };
    expect(await rate()).toBeUndefined();
    await end(20);
    expect(await rate(), 'within a second there is nothing to go by').toBeUndefined();
    await pass(10_000);
    expect(await rate()).toBeCloseTo(2, 1);
    await end(20);
    await pass(2000);
    const faster = (await rate()) ?? 0;
    expect(faster).toBeGreaterThan(2.3);
    expect(faster, 'not at once').toBeLessThan(3);
    await pass(600_000);
    expect(await rate()).toBeCloseTo(0, 2);
  });

  test('is told only while its lines are fed', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    const { id } = await batches.create();
    const lease = await batches.take();
    await batches.view(lease);
    expect(await store.redis.hexists(store.keys.batch(id), 'rate_at_ms')).toBe(0);
  });
});
