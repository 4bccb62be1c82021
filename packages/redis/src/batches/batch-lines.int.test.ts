import { describe, expect, test } from 'vitest';
import { completed, gpu, newJob, openLife, tenant } from '../jobs/job-life.fixtures.ts';
import type { Settlement } from '../jobs/settle-job.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { type Begun, feedOf, newLine, openBatches, unfit } from './batch-life.fixtures.ts';

const backendFault = { blamed: false, coolForMs: 0 };
const reason = { kind: 'backend-error', detail: '500' } as const;

/** What the store knows of lines that have their outcome. */
async function outcomesOf(store: TestStore, { id, lease }: Begun) {
  const batches = openBatches(store);
  const done = `${store.keys.batch(id)}:done`;
  const bits = await Promise.all(Array.from({ length: 8 }, (_, line) => store.redis.getbit(done, line)));
  const { total: _total, ...counts } = (await batches.view(lease)).record.counts;
  return { bits: bits.join(''), counts, settled: await batches.settledLines(id) };
}
const NONE = { completed: 0, failed: 0, cancelled: 0, expired: 0 };

const isDue = async ({ redis, keys }: TestStore, { id }: Begun): Promise<boolean> =>
  Number((await redis.zscore(`${keys.prefix}batches:due`, id)) ?? Number.POSITIVE_INFINITY) <= Date.now();

describe('lines that are fed', () => {
  test('stand in their lane in their order, open, and tell where they belong', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const batches = openBatches(store);
    const begun = await batches.begin(8);
    const jobs = await batches.feed(begun, 3, (index) => ({
      deadlineMs: 50_000 + index,
      request: `{"n":"é${index}"}`,
    }));
    const [lane] = (await life.snapshot()).lanes;
    expect(lane).toMatchObject({ jobClass: 'batch', depth: 3 });
    expect(lane?.head.map(({ id }) => id)).toEqual(jobs.map(({ id }) => id).slice(0, lane?.head.length));
    const { view, windowBytes, running } = await batches.view(begun.lease);
    expect(view).toMatchObject({ status: 'in_progress', total: 8, cursor: 3, open: 3, ended: 0, settled: 0 });
    expect({ windowBytes, running }).toEqual({
      windowBytes: 3 * Buffer.byteLength('{"n":"é0"}'),
      running: 1,
    });
    expect(await life.reader.one(jobs[2]?.id ?? newJob().id)).toMatchObject({
      place: { batchId: begun.id, line: 2, step: undefined },
      description: { customId: 'custom-2' },
    });
  });

  test('that are no job have their outcome at once', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    const begun = await batches.begin(8);
    const feed = feedOf(0, [newLine(0)], { nextCursor: 3, outcomes: [unfit(1), unfit(2)] });
    expect(await batches.work.feed(begun.lease, begun.record, feed)).toBe('fed');
    expect((await batches.view(begun.lease)).view).toMatchObject({ cursor: 3, open: 1, settled: 2 });
    expect(await outcomesOf(store, begun)).toEqual({
      bits: '01100000',
      counts: { ...NONE, failed: 2 },
      settled: [1, 2],
    });
    expect(await batches.store.settled(begun.id, 0, 9)).toEqual(
      [unfit(1), unfit(2)].map((line) => JSON.stringify(line)),
    );
  });

  test('are not submitted twice when they are sent again after the reply was lost', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const batches = openBatches(store);
    const begun = await batches.begin(8);
    const feed = feedOf(0, [newLine(0), newLine(1)], { nextCursor: 3, outcomes: [unfit(2)] });
    expect(await batches.work.feed(begun.lease, begun.record, feed)).toBe('fed');
    const before = await batches.view(begun.lease);
    expect(await batches.work.feed(begun.lease, begun.record, feed)).toBe('moved');
    const other = { ...feed, jobs: feedOf(0, [newLine(0), newLine(1)]).jobs };
    expect(await batches.work.feed(begun.lease, begun.record, other), 'nor by another worker').toBe('moved');
    const after = await batches.view(begun.lease);
    expect({ ...after, nowMs: 0 }).toEqual({ ...before, nowMs: 0 });
    expect((await life.snapshot()).lanes).toMatchObject([{ depth: 2 }]);
  });

  test('stop when the batch was paused or cancelled meanwhile', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    const begun = await batches.begin(8);
    const feed = () => batches.work.feed(begun.lease, begun.record, feedOf(0, [newLine(0)]));
    await batches.store.setPaused(begun.id, tenant, true);
    expect(await feed()).toBe('stopped');
    await batches.store.setPaused(begun.id, tenant, false);
    await batches.store.requestCancel(begun.id, tenant);
    expect(await feed()).toBe('stopped');
    expect((await batches.view(begun.lease)).view).toMatchObject({ cursor: 0, open: 0 });
  });
});

describe('the end of a job', () => {
  test('is the outcome of its line, once, however it ended', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const batches = openBatches(store);
    const begun = await batches.begin(8);
    await life.beat();
    const jobs = await batches.feed(begun, 5, (index) => ({ deadlineMs: index === 2 ? 1 : 60_000 }));
    const [succeeds = newJob(), fails = newJob(), expires = newJob(), cancelled = newJob()] = jobs;
    const claim = await life.run(succeeds);
    await life.settle(claim.lease, completed);
    await life.settle(claim.lease, completed);
    await life.settle((await life.run(fails)).lease, { kind: 'failed', reason, backendFault });
    await expect.poll(() => life.duties.expireOverdue()).toBe(1);
    await life.cancel(cancelled.id, tenant);
    await life.cancel(cancelled.id, tenant);
    expect(await life.stateOf(expires.id)).toBe('expired');
    expect(await outcomesOf(store, begun)).toEqual({
      bits: '11110000',
      counts: { completed: 1, failed: 1, cancelled: 1, expired: 1 },
      settled: [0, 1, 2, 3],
    });
    expect((await batches.view(begun.lease)).view).toMatchObject({ open: 1, settled: 4, drained: 0 });
    expect(await store.redis.smembers(`${store.keys.batch(begun.id)}:open`)).toEqual([jobs[4]?.id]);
  });

  test('is told with its answer, where it ran and why', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const batches = openBatches(store);
    const begun = await batches.begin(8);
    await life.beat();
    const pinned = { ...newLine(0).lane, pinned: true };
    const description = { ...newLine(0).description, findings: ['iban'] };
    const jobs = await batches.feed(
      begun,
      7,
      (index) => [{}, { lane: pinned, description }, { lane: pinned }][index] ?? {},
    );
    const cloud: Settlement = { ...completed, servedBy: { ...completed.servedBy, location: 'cloud' } };
    for (const [index, job] of jobs.entries()) {
      const trigger = ['local', 'local', 'local', 'depth', 'strategy', 'slack', 'of another version'][index];
      await life.dispatch(life.assignment(job, { decision: JSON.stringify({ action: 'assign', trigger }) }));
      const [claim] = (await life.claim()).claims;
      if (claim !== undefined) await life.settle(claim.lease, index > 2 ? cloud : completed);
    }
    const outcomes = (await batches.work.settled(begun.id, 0, 9)).map((text): unknown => JSON.parse(text));
    expect(outcomes).toMatchObject([
      {
        line: 0,
        customId: 'custom-0',
        outcome: 'completed',
        jobId: jobs[0]?.id,
        statusCode: 200,
        body: { answer: 42 },
        usage: { outputTokens: 20, costMicroUsd: 7 },
        servedBy: { backend: gpu, location: 'local' },
        attempts: 1,
        why: 'local had room',
      },
      { line: 1, why: 'pinned: iban' },
      { line: 2, why: 'pinned on request' },
      { line: 3, why: 'local queue full' },
      { line: 4, why: 'cloud asked for' },
      { line: 5, why: 'local too late' },
      { line: 6, why: 'in the cloud' },
    ]);
  });

  test('makes its batch due when half of what was fed is left, when nothing is, and not each time', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const batches = openBatches(store);
    const begun = await batches.begin(8);
    const jobs = await batches.feed(begun, 6);
    await batches.work.release(begun.lease, 60_000);
    const due: boolean[] = [];
    for (const { id } of jobs) {
      await life.cancel(id, tenant);
      due.push(await isDue(store, begun));
      if (due.at(-1) === true) await batches.work.release(await batches.take(), 60_000);
    }
    expect(due).toEqual([false, false, true, false, false, true]);
  });

  test('that was a step of a line is no outcome: the line waits for its next step', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const batches = openBatches(store);
    const begun = await batches.begin(8);
    const [step = newJob()] = await batches.feed(begun, 1, () => ({}), 'map-0');
    await batches.feed(begun, 1);
    await batches.work.release(begun.lease, 60_000);
    await life.cancel(step.id, tenant);
    expect(await isDue(store, begun)).toBe(true);
    const lease = await batches.take();
    expect((await batches.view(lease)).view).toMatchObject({ open: 1, ended: 1, settled: 0 });
    expect(await outcomesOf(store, { ...begun, lease })).toMatchObject({ bits: '00000000', counts: NONE });
    expect(await batches.work.ended(begun.id, 9)).toMatchObject([
      { jobId: step.id, came: { step: 'map-0', result: { line: 0, outcome: 'cancelled' } } },
    ]);
  });

  test('after the end of its batch is counted nowhere and leaves nothing behind', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const batches = openBatches(store);
    const begun = await batches.begin(8);
    const [job = newJob()] = await batches.feed(begun, 1);
    const [step = newJob()] = await batches.feed(begun, 1, () => ({}), 'map-0');
    await batches.work.move(begun.lease, 'in_progress', 'finalizing', undefined);
    await batches.work.move(begun.lease, 'finalizing', 'expired', undefined, { expired: 2 });
    await life.cancel(job.id, tenant);
    await life.cancel(step.id, tenant);
    expect(await batches.keysOf(begun.id)).toEqual(['']);
    expect(await batches.store.one(begun.id, tenant)).toMatchObject({ counts: { cancelled: 0, expired: 2 } });
  });
});
