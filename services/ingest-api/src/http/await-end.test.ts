import type { JobId, JobStateKind } from '@spillway/core';
import type { JobReader, JobRecord } from '@spillway/redis';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAwaitEnd } from './await-end.ts';
import { createEndedJobs } from './ended-jobs.ts';

const id = 'job_00000000000000000000000000' as JobId;
const forever = new AbortController().signal;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A store of one job whose state the test sets, and which counts how often it is read. */
function openStore() {
  const store = { state: 'queued' as JobStateKind | undefined, reads: 0 };
  const reader = {
    one: async () => {
      store.reads += 1;
      return store.state === undefined ? undefined : ({ id, state: store.state } as JobRecord);
    },
  } as Partial<JobReader> as JobReader;
  const ended = createEndedJobs();
  return { store, ended, awaitEnd: createAwaitEnd(reader, ended) };
}

test('without a wait the record is read once', async () => {
  const { store, awaitEnd } = openStore();
  expect(await awaitEnd(id, 0, forever)).toMatchObject({ state: 'queued' });
  expect([store.reads, vi.getTimerCount()]).toEqual([1, 0]);
});

test('the wait is over when the end is heard, and the record is read then', async () => {
  const { store, ended, awaitEnd } = openStore();
  const waited = awaitEnd(id, 60, forever);
  await vi.advanceTimersByTimeAsync(1000);
  store.state = 'completed';
  ended.notify(id);
  expect(await waited).toMatchObject({ state: 'completed' });
  expect([store.reads, vi.getTimerCount()]).toEqual([2, 0]);
});

test('an end whose signal was lost is seen within five seconds', async () => {
  const { store, awaitEnd } = openStore();
  const waited = awaitEnd(id, 60, forever);
  await vi.advanceTimersByTimeAsync(1000);
  store.state = 'failed';
  await vi.advanceTimersByTimeAsync(4000);
  expect(await waited).toMatchObject({ state: 'failed' });
});

test('a signal without an end, as of a cancelled attempt, does not end the wait', async () => {
  const { ended, awaitEnd } = openStore();
  let isOver = false;
  const waited = awaitEnd(id, 60, forever).finally(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(1000);
  ended.notify(id);
  await vi.advanceTimersByTimeAsync(58_999);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await waited).toMatchObject({ state: 'queued' });
  expect(vi.getTimerCount()).toBe(0);
});

test('a client that goes away is no longer waited for', async () => {
  const { awaitEnd } = openStore();
  const leave = new AbortController();
  const waited = awaitEnd(id, 60, leave.signal);
  await vi.advanceTimersByTimeAsync(1000);
  leave.abort();
  expect(await waited).toMatchObject({ state: 'queued' });
  expect(vi.getTimerCount()).toBe(0);
});

test('a store that fails ends the wait with its error and leaves nothing waiting', async () => {
  const ended = createEndedJobs();
  const reader = { one: () => Promise.reject(new Error('Connection is closed.')) };
  const awaitEnd = createAwaitEnd(reader as Partial<JobReader> as JobReader, ended);
  await expect(awaitEnd(id, 60, forever)).rejects.toThrow('closed');
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('a job that is gone is told at once', async () => {
  const { store, awaitEnd } = openStore();
  store.state = undefined;
  expect(await awaitEnd(id, 60, forever)).toBeUndefined();
});
