import { describe, expect, test } from 'vitest';
import { completed, leftBehind, newJob, NOTHING, openLife, tenant } from '../jobs/job-life.fixtures.ts';
import type { NewJob } from '../jobs/new-job.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import type { LineAdvance } from './advance-lines.ts';
import { newLine, openBatches, unfit } from './batch-life.fixtures.ts';

const nothing: LineAdvance = { taken: [], outcomes: [], steps: [], unneeded: [], answered: [], jobs: [] };

/** A batch with one document in two parts: line 0, of which `first` has its answer and `second` runs on. */
async function openDocument(store: TestStore) {
  const life = openLife(store);
  const batches = openBatches(store);
  const begun = await batches.begin(1);
  await life.beat();
  const { lease, record } = begun;
  const [first, second]: readonly [NewJob, NewJob] = [newLine(0), newLine(0)];
  const parts = [first, second].map((job, index) => ({ line: 0, step: `map-${index}`, job }));
  const steps = [{ line: 0, text: '{"at":"map"}' }];
  const feed = { cursor: 0, nextCursor: 1, jobs: parts, outcomes: [], steps };
  expect(await batches.work.feed(lease, record, feed)).toBe('fed');
  await life.settle((await life.run(first)).lease, completed);
  const advance = (changes: Partial<LineAdvance>) =>
    batches.work.advance(lease, record, { ...nothing, ...changes });
  return { life, batches, begun, first, second, advance, work: batches.work };
}

describe('the steps of a line', () => {
  test('are known until the line has its outcome, with what each was asked and answered', async () => {
    await using store = await openTestStore();
    const { begun, first, second, work } = await openDocument(store);
    expect(await work.steps(begun.id, [0, 1])).toEqual(new Map([[0, '{"at":"map"}']]));
    expect(await work.ended(begun.id, 9)).toMatchObject([
      { jobId: first.id, came: { step: 'map-0', result: { line: 0, outcome: 'completed' } } },
    ]);
    expect(await work.answers([first.id, second.id])).toEqual([{ answer: 42 }, undefined]);
    expect(await work.request(first.id)).toEqual({ model: 'llama3.2:3b' });
    expect(await work.request(newJob().id)).toBeUndefined();
  });

  test('lead to the next one in one step, once', async () => {
    await using store = await openTestStore();
    const { batches, begun, first, advance, life, work } = await openDocument(store);
    const next = newLine(0);
    const step = {
      taken: [first.id],
      steps: [{ line: 0, text: '{"at":"reduce"}' }],
      answered: [first.id],
      jobs: [{ line: 0, step: 'reduce', job: next }],
    };
    expect(await advance(step)).toBe('advanced');
    expect((await batches.view(begun.lease)).view).toMatchObject({ open: 2, ended: 0, settled: 0 });
    expect(await work.steps(begun.id, [0])).toEqual(new Map([[0, '{"at":"reduce"}']]));
    expect(await life.reader.one(next.id)).toMatchObject({
      state: 'queued',
      deadlineAtMs: begun.record.expiresAtMs,
      place: { line: 0, step: 'reduce' },
    });
    expect(await work.answers([first.id]), 'is needed later').toEqual([{ answer: 42 }]);
    expect(await work.request(first.id), 'is not').toBeUndefined();
    expect(await advance(step), 'sent again after its reply was lost').toBe('moved');
    expect((await batches.view(begun.lease)).view.open).toBe(2);
  });

  test('end with the outcome of their line: what still runs for it is ended, and nothing of it is left', async () => {
    await using store = await openTestStore();
    const { batches, begun, first, second, advance, life, work } = await openDocument(store);
    const { lease } = await life.run(second);
    const outcome = unfit(0);
    expect(await advance({ taken: [first.id], outcomes: [outcome], unneeded: [first.id, second.id] })).toBe(
      'advanced',
    );
    const { view, record, windowBytes } = await batches.view(begun.lease);
    expect(view).toMatchObject({ open: 0, ended: 0, settled: 1 });
    expect({ counts: record.counts, windowBytes }).toMatchObject({
      counts: { failed: 1, cancelled: 0, completed: 0 },
      windowBytes: 0,
    });
    expect(await life.settle(lease, completed)).toMatchObject({ kind: 'lost' });
    expect(await work.settled(begun.id, 0, 9)).toEqual([JSON.stringify(outcome)]);
    expect(await work.steps(begun.id, [0])).toEqual(new Map());
    expect(await store.redis.keys(`${store.keys.prefix}job:*`)).toEqual([]);
    expect(await leftBehind(store)).toEqual(NOTHING);
  });

  test('that come while the batch is paused wait until it is resumed', async () => {
    await using store = await openTestStore();
    const { batches, begun, first, second, advance, life } = await openDocument(store);
    await batches.store.setPaused(begun.id, tenant, true);
    await batches.sweep(begun.lease, 'hold');
    const next = newLine(0);
    expect(await advance({ taken: [first.id], jobs: [{ line: 0, step: 'reduce', job: next }] })).toBe(
      'advanced',
    );
    expect((await life.snapshot()).lanes).toEqual([]);
    await batches.store.setPaused(begun.id, tenant, false);
    await batches.sweep(begun.lease, 'resume');
    const heads = (await life.snapshot()).lanes.flatMap(({ head }) => head.map(({ id }) => id));
    expect(new Set(heads)).toEqual(new Set([second.id, next.id]));
  });

  test('that come between a pause and its holding wait in their lanes: resumed before that, they are not forgotten', async () => {
    await using store = await openTestStore();
    const { batches, begun, first, second, advance, life } = await openDocument(store);
    await batches.store.setPaused(begun.id, tenant, true);
    const next = newLine(0);
    await advance({ taken: [first.id], jobs: [{ line: 0, step: 'reduce', job: next }] });
    await batches.store.setPaused(begun.id, tenant, false);
    const heads = (await life.snapshot()).lanes.flatMap(({ head }) => head.map(({ id }) => id));
    expect(new Set(heads)).toEqual(new Set([second.id, next.id]));
  });

  test('of which more end meanwhile are looked at next', async () => {
    await using store = await openTestStore();
    const { batches, begun, first, second, advance, life } = await openDocument(store);
    await life.cancel(second.id, tenant);
    await batches.work.release(begun.lease, 60_000);
    const lease = await batches.take();
    expect(await advance({ taken: [first.id] }), 'with the old lease').toBe('lost');
    const reply = await batches.work.advance(lease, begun.record, { ...nothing, taken: [first.id] });
    expect(reply).toBe('advanced');
    expect(await batches.work.ended(begun.id, 9)).toMatchObject([
      { jobId: second.id, came: { step: 'map-1', result: { outcome: 'cancelled' } } },
    ]);
    await batches.work.release(lease, 60_000);
    expect(await batches.work.take(1000)).toMatchObject({ kind: 'taken' });
  });
});
