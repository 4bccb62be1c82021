import { expect, test } from 'vitest';
import { distributionOf } from './distribution.ts';
import { OutcomeBook } from './outcomes.ts';
import { Series } from './series.ts';
import { serviceDifference } from './service-difference.ts';

const arrival = { jobClass: 'standard', pinned: false, deadlineAtMs: 1e6 } as const;

test('quantiles are exact, by nearest rank, of the values there are', () => {
  const values = Float64Array.from([...Array.from({ length: 100 }, (_, index) => 100 - index), Number.NaN]);
  expect(distributionOf(values)).toEqual({ mean: 50.5, p50: 50, p90: 90, p99: 99, max: 100 });
  expect(distributionOf(Float64Array.of(Number.NaN))).toEqual({ mean: 0, p50: 0, p90: 0, p99: 0, max: 0 });
});

test('outcomes of thousands of jobs are kept, each with its own', () => {
  const book = new OutcomeBook();
  for (let index = 0; index < 5000; index += 1) {
    book.arrive({ ...arrival, tenant: `t${index % 3}`, inputTokens: index, outputTokens: 1, atMs: index });
    if (index % 2 === 0)
      book.end(index, { end: 'completed', atMs: index + 7, predictedFinishAtMs: index + 10 });
  }
  const outcomes = book.all();
  expect([outcomes.length, outcomes.tenants]).toEqual([5000, ['t0', 't1', 't2']]);
  expect([outcomes.inputTokens[4001], outcomes.tenant[4001]]).toEqual([4001, 2]);
  expect([outcomes.finishedAtMs[4000], outcomes.predictionErrorMs[4000]]).toEqual([4007, 3]);
  expect(outcomes.finishedAtMs[4001]).toBeNaN();
});

test('a series has a few hundred points at even distances, however long the run', () => {
  const series = new Series();
  const sample = { waiting: 0, running: 0, missed: 0, completed: 0, cloudUsd: 0, watts: 0, served: [] };
  for (let count = 0; count < 20_000; count += 1) series.add({ atMs: series.nextAtMs, ...sample });
  const at = series.samples.map(({ atMs }) => atMs);
  expect(at.length).toBeGreaterThanOrEqual(200);
  expect(at.length).toBeLessThan(400);
  expect(new Set(at.slice(1).map((atMs, index) => atMs - (at[index] ?? 0))).size).toBe(1);
});

test('the service difference is what tenants lack of the best served one or of what they asked for', () => {
  const book = new OutcomeBook();
  // in the first minute: 600 tokens/s for the one, 300 for the other, which asked for 450; a third was refused
  for (const [tenant, inputTokens, end] of [
    ['one', 36_000, 'completed'],
    ['two', 18_000, 'completed'],
    ['two', 9000, 'expired'],
    ['three', 50_000, 'rejected'],
  ] as const) {
    const index = book.arrive({ ...arrival, tenant, inputTokens, outputTokens: 0, atMs: 0 });
    book.end(index, end === 'completed' ? { end, atMs: 60_000, firstTokenAtMs: 0 } : { end, atMs: 10 });
  }
  expect(serviceDifference(book.all(), 60_000)).toEqual({ max: 150, average: 150 });
});
