import type { BatchRecord } from '@spillway/redis';
import { expect, test } from 'vitest';
import { sampleBatch } from './batch-record.fixtures.ts';
import { watchBatch } from './watch-batch.ts';

/** A store that shows one record after the other, look by look. */
const showing = (...records: readonly (BatchRecord | undefined)[]) => {
  const left = [...records];
  return { one: async () => left.shift() };
};
const versions = async (
  first: BatchRecord,
  known: number | undefined,
  ...later: readonly (BatchRecord | undefined)[]
) => {
  const signal = new AbortController().signal;
  const seen = watchBatch({ batches: showing(...later), record: first, known, everyMs: 1, signal });
  return Array.fromAsync(seen, (record) => record?.version);
};
const at = (version: number, status: BatchRecord['status'] = 'in_progress') =>
  sampleBatch({ version, status });

test('tells the batch at first and after every change, and ends with it', async () => {
  expect(await versions(at(1), undefined, at(1), at(3), at(4, 'completed'), at(5))).toEqual([
    1,
    undefined,
    3,
    4,
  ]);
});

test('who knows the version hears nothing of it again', async () => {
  expect(await versions(at(3), 3, at(4, 'cancelled'))).toEqual([undefined, 4]);
  expect(await versions(at(4, 'failed'), 4)).toEqual([undefined]);
});

test('it ends when the batch is forgotten', async () => {
  expect(await versions(at(1), undefined, undefined)).toEqual([1]);
});

test('it ends when nobody listens any more', async () => {
  const leave = new AbortController();
  const endless = { one: async () => at(1) };
  const seen = watchBatch({ batches: endless, record: at(1), known: 1, everyMs: 1, signal: leave.signal });
  await seen.next();
  leave.abort();
  expect(await seen.next()).toMatchObject({ done: true });
});
