import { describe, expect, test } from 'vitest';
import { completed, leftBehind, newJob, NOTHING, openLife, tenant } from '../jobs/job-life.fixtures.ts';
import type { NewJob } from '../jobs/new-job.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { feedOf, openBatches, unfit } from './batch-life.fixtures.ts';

const lineOf = (text: string): number => (JSON.parse(text) as { line: number }).line;

/** A batch of ten whose lines have ended, in the order of their numbers. */
async function openSettled(store: TestStore) {
  const life = openLife(store);
  const batches = openBatches(store);
  const begun = await batches.begin(10);
  const jobs: readonly NewJob[] = await batches.feed(begun, 10);
  for (const { id } of jobs) await life.cancel(id, tenant);
  return { life, batches, begun, jobs, work: batches.work, store: batches.store };
}

describe('lines that are written down', () => {
  test('are read on from anywhere, with part files written in between', async () => {
    await using cell = await openTestStore();
    const { batches, begun, store } = await openSettled(cell);
    const { id } = begun;
    const read = async (from: number, count: number) => (await store.settled(id, from, count))?.map(lineOf);
    expect(await read(0, 3)).toEqual([0, 1, 2]);
    const first = await batches.drain(begun, 2);
    expect(await read(3, 3)).toEqual([3, 4, 5]);
    expect(await read(1, 3), 'in a part file by now').toBeUndefined();
    const second = await batches.drain(begun, 3);
    const third = await batches.drain(begun, 1);
    expect(await read(6, 9)).toEqual([6, 7, 8, 9]);
    expect(await read(10, 9), 'nothing yet').toEqual([]);
    expect(await batches.settledLines(id)).toEqual([6, 7, 8, 9]);
    const paths = async (from: number, count: number) =>
      (await store.parts(id, from, count)).map(({ path }) => path);
    expect(await store.parts(id, 0, 9)).toEqual([first, second, third]);
    expect(await paths(1, 9)).toEqual([first.path, second.path, third.path]);
    expect(await paths(2, 1)).toEqual([second.path]);
    expect(await paths(4, 9)).toEqual([second.path, third.path]);
    expect(await paths(5, 9)).toEqual([third.path]);
    expect(await paths(6, 9)).toEqual([]);
  });

  test('are told as gone, and not as an error, when they are written down while they are read', async () => {
    await using cell = await openTestStore();
    const { batches, begun, store } = await openSettled(cell);
    const reading = store.settled(begun.id, 0, 10);
    const [read] = await Promise.all([reading, batches.drain(begun, 10)]);
    expect([undefined, 10]).toContain(read?.length);
    expect(await store.settled(begun.id, 0, 10)).toBeUndefined();
  });

  test('are written down once: whoever comes second changes nothing', async () => {
    await using cell = await openTestStore();
    const { batches, begun, work } = await openSettled(cell);
    const part = { from: 0, count: 4, path: 'first' };
    const used = { input_tokens: 5, output_tokens: 7, cost_micro_usd: 11 };
    expect(await work.drained(begun.lease, part, used)).toBe(true);
    const before = await batches.view(begun.lease);
    expect(await work.drained(begun.lease, part, used), 'sent again after its reply was lost').toBe(true);
    expect(await work.drained(begun.lease, { ...part, path: 'second' }, used)).toBe(false);
    expect(await work.drained(begun.lease, { ...part, from: 3 }, used)).toBe(false);
    const after = await batches.view(begun.lease);
    expect({ ...after, nowMs: 0 }).toEqual({ ...before, nowMs: 0 });
    expect(after.view).toMatchObject({ drained: 4, settled: 6 });
    expect(after.view.drainedAtMs).toBeGreaterThan(begun.record.createdAtMs - 1);
    expect(after.record.usage).toEqual({
      inputTokens: 5,
      cachedInputTokens: 0,
      outputTokens: 7,
      reasoningTokens: 0,
      costMicroUsd: 11,
    });
    expect(await work.parts(begun.id, 0, 9)).toEqual([part]);
  });

  test('are forgotten with their jobs: nothing of them is left', async () => {
    await using cell = await openTestStore();
    const life = openLife(cell);
    const batches = openBatches(cell);
    await life.beat();
    const base = (await cell.redis.keys(`${cell.keys.prefix}*`)).toSorted();
    const begun = await batches.begin(3);
    const jobs = await batches.feed(begun, 2, (index) => ({
      request: JSON.stringify({ text: 'ü'.repeat(index + 1) }),
    }));
    const feed = feedOf(2, [], { nextCursor: 3, outcomes: [unfit(2)] });
    expect(await batches.work.feed(begun.lease, begun.record, feed)).toBe('fed');
    for (const job of jobs) {
      const claim = await life.run(job);
      await life.settle(claim.lease, completed);
    }
    expect((await batches.view(begun.lease)).windowBytes).toBeGreaterThan(0);
    // the line that was no job settled first
    await batches.drain(begun, 1);
    await batches.drain(begun, 2);
    const { windowBytes, view } = await batches.view(begun.lease);
    expect({ windowBytes, drained: view.drained }).toEqual({ windowBytes: 0, drained: 3 });
    expect(await cell.redis.keys(`${cell.keys.prefix}job:*`)).toEqual([]);
    expect(await cell.redis.exists(cell.keys.tenantJobs(tenant))).toBe(0);
    expect(await cell.redis.exists(`${cell.keys.prefix}retained`)).toBe(0);
    expect(await leftBehind(cell)).toEqual(NOTHING);

    await batches.work.move(begun.lease, 'in_progress', 'finalizing', undefined);
    await batches.work.move(begun.lease, 'finalizing', 'completed', undefined);
    await batches.work.forget(begun.id);
    const after = (await cell.redis.keys(`${cell.keys.prefix}*`)).toSorted();
    const learned = [`${cell.keys.prefix}leader`, `${cell.keys.prefix}lengths`];
    expect(after).toEqual([...base, ...learned].toSorted());
  });

  test('that the store lost before they were written down are an error, and no outcome made up', async () => {
    await using cell = await openTestStore();
    const { begun, jobs, work, store } = await openSettled(cell);
    await cell.redis.del(cell.keys.job(jobs[4]?.id ?? newJob().id));
    await expect(work.settled(begun.id, 0, 9)).rejects.toThrow('does not hold');
    await expect(store.settled(begun.id, 0, 9)).rejects.toThrow('does not hold');
    expect((await work.settled(begun.id, 5, 2)).map(lineOf)).toEqual([5, 6]);
  });

  test('a tenant that has other jobs keeps what was counted of it', async () => {
    await using cell = await openTestStore();
    const { batches, begun, life } = await openSettled(cell);
    const other = newJob();
    await life.submit(other, { maxQueuedJobs: 10, maxQueueLength: undefined }, undefined);
    await cell.redis.hset(`${cell.keys.prefix}fairness`, tenant, 500);
    await batches.drain(begun, 10);
    expect(await cell.redis.hget(`${cell.keys.prefix}fairness`, tenant)).toBe('500');
    await life.cancel(other.id, tenant);
    expect((await life.reader.one(other.id))?.state, 'its jobs are kept as long as they say').toBe(
      'cancelled',
    );
  });
});
