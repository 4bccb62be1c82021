import { describe, expect, test } from 'vitest';
import { newJob, tenant } from '../jobs/job-life.fixtures.ts';
import { openTestStore } from '../testing/open-test-store.ts';
import { feedOf, newLine, openBatches, webhook } from './batch-life.fixtures.ts';

describe('the lease of a batch', () => {
  test('goes to one worker alone, longest due first', async () => {
    await using store = await openTestStore();
    const { create, work } = openBatches(store);
    const [first, second] = [await create(), await create()];
    await store.redis.zadd(`${store.keys.prefix}batches:due`, 'XX', 1, second.id);
    const takings = await Promise.all([work.take(60_000), work.take(60_000), work.take(60_000)]);
    expect(takings).toEqual([
      { kind: 'taken', lease: { batchId: second.id, fence: 1 } },
      { kind: 'taken', lease: { batchId: first.id, fence: 1 } },
      { kind: 'nothing-due', nextInMs: undefined },
    ]);
  });

  test('that is given back is due again at the time asked for, and known to those who wait', async () => {
    await using store = await openTestStore();
    const { create, take, work } = openBatches(store);
    const { id } = await create();
    await work.release(await take(), 30_000);
    const taking = await work.take(1000);
    expect(taking).toEqual({ kind: 'nothing-due', nextInMs: expect.any(Number) as number });
    expect(taking.kind === 'nothing-due' && taking.nextInMs).toBeGreaterThan(29_000);
    expect(taking.kind === 'nothing-due' && taking.nextInMs).toBeLessThanOrEqual(30_000);
    await store.redis.zadd(`${store.keys.prefix}batches:due`, 'XX', 1, id);
    expect(await work.take(1000)).toMatchObject({ kind: 'taken', lease: { batchId: id } });
  });

  test('that is given back for good is never due again', async () => {
    await using store = await openTestStore();
    const { create, take, work } = openBatches(store);
    await create();
    const lease = await take();
    await work.move(lease, 'validating', 'failed', undefined);
    await work.release(lease, undefined);
    expect(await work.take(1000)).toEqual({ kind: 'nothing-due', nextInMs: undefined });
  });

  test('that is kept does not run out, and one that was given back is kept no more', async () => {
    await using store = await openTestStore();
    const { create, take, work } = openBatches(store);
    await create();
    const lease = await take(1);
    expect(await work.keep(lease, 60_000)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await work.take(1000)).toMatchObject({ kind: 'nothing-due' });
    await work.release(lease, 0);
    expect(await work.keep(lease, 60_000)).toBe(false);
    expect(await work.take(1000)).toMatchObject({ kind: 'taken' });
  });

  test('that ran out goes to another with a higher fence, and the old one changes nothing', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    const { work } = batches;
    const begun = await batches.begin(10, { webhook });
    await batches.feed(begun, 2);
    const [job = newJob()] = await batches.feed(begun, 1, () => ({}), 'answer');
    await batches.sweep(begun.lease, 'cancel');
    await batches.feed(begun, 2);
    const { id, record, lease: old } = begun;
    await store.redis.zadd(`${store.keys.prefix}batches:leased`, 'XX', 1, id);
    const lease = await batches.take();
    expect(lease).toEqual({ batchId: id, fence: old.fence + 1 });

    const whole = async () => ({
      view: await batches.view(lease),
      due: await store.redis.zrange(`${store.keys.prefix}batches:due`, '0', '-1'),
      leased: await store.redis.zrange(`${store.keys.prefix}batches:leased`, '0', '-1', 'WITHSCORES'),
      events: await store.redis.xlen(store.keys.events),
      settled: await batches.settledLines(id),
      ended: await work.ended(id, 9),
      states: await store.redis.zcard(`${store.keys.prefix}retry`),
    });
    const before = await whole();
    const part = { from: 0, count: 2, path: 'part' };
    const taken = { taken: [job.id], outcomes: [], steps: [], unneeded: [job.id], answered: [], jobs: [] };
    expect([
      await work.keep(old, 1),
      await work.release(old, 0),
      await work.release(old, undefined),
      await work.view(old),
      await work.move(old, 'in_progress', 'finalizing', 'batch.completed', { total: 1 }),
      await work.feed(old, record, feedOf(5, [newLine(5)])),
      await work.drained(old, part, { input_tokens: 1 }),
      await work.sweepOpen(old, 'cancel', '0'),
      await work.sweepOpen(old, 'hold', '0'),
      await work.advance(old, record, taken),
    ]).toEqual([false, undefined, undefined, undefined, false, 'lost', false, undefined, undefined, 'lost']);
    expect(await whole()).toEqual({
      ...before,
      view: { ...before.view, nowMs: expect.any(Number) as number },
    });
  });

  test('that ran out stays with its worker as long as nobody took it', async () => {
    await using store = await openTestStore();
    const { create, take, work } = openBatches(store);
    const { id } = await create();
    const lease = await take();
    await store.redis.zadd(`${store.keys.prefix}batches:leased`, 'XX', 1, id);
    expect(await work.keep(lease, 60_000)).toBe(true);
    expect(await work.take(1000)).toMatchObject({ kind: 'nothing-due' });
  });

  test('hides no change: a batch that was changed meanwhile is due as soon as it is given back', async () => {
    await using store = await openTestStore();
    const { create, take, work, store: batches } = openBatches(store);
    const { id } = await create();
    const lease = await take();
    await batches.requestCancel(id, tenant);
    expect(await work.take(1000), 'while it is leased').toMatchObject({ kind: 'nothing-due' });
    await work.release(lease, 60_000);
    expect(await work.take(1000)).toMatchObject({ kind: 'taken', lease: { batchId: id, fence: 3 } });
  });

  test('of a batch that is gone cannot be held or taken', async () => {
    await using store = await openTestStore();
    const { create, take, work } = openBatches(store);
    const { id } = await create();
    const lease = await take();
    await work.move(lease, 'validating', 'failed', undefined);
    await work.forget(id);
    expect(await work.keep(lease, 1000)).toBe(false);
    expect(await work.view(lease)).toBeUndefined();
    await store.redis.zadd(`${store.keys.prefix}batches:due`, 1, id);
    expect(await work.take(1000)).toMatchObject({ kind: 'nothing-due' });
    expect(await store.redis.keys(`${store.keys.prefix}*`)).toEqual([]);
  });
});
