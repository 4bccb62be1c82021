import type { JobId } from '@spillway/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEndedJobs } from './ended-jobs.ts';

const one = 'job_00000000000000000000000001' as JobId;
const other = 'job_00000000000000000000000002' as JobId;
const forever = new AbortController().signal;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('all who wait for a job hear of its end, and nobody else does', async () => {
  const ended = createEndedJobs();
  const heard: string[] = [];
  const listen = async (name: string, id: JobId) => {
    await ended.wait(id, 60_000, forever);
    heard.push(name);
  };
  const waiting = [listen('a', one), listen('b', one), listen('c', other)];
  ended.notify(one);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(heard).toEqual(['a', 'b']);
  ended.notify(other);
  await Promise.all(waiting);
  expect([heard, vi.getTimerCount()]).toEqual([['a', 'b', 'c'], 0]);
});

test('a wait is over when its time is', async () => {
  const ended = createEndedJobs();
  const waited = ended.wait(one, 60_000, forever);
  await vi.advanceTimersByTimeAsync(60_000);
  await expect(waited).resolves.toBeUndefined();
});

test('a client that goes away, or has gone already, waits no more and leaves no timer', async () => {
  const ended = createEndedJobs();
  const leave = new AbortController();
  const waited = ended.wait(one, 60_000, leave.signal);
  leave.abort();
  await waited;
  await ended.wait(one, 60_000, leave.signal);
  expect(vi.getTimerCount()).toBe(0);
});

test('an end that nobody waits for is nothing', () => {
  expect(() => createEndedJobs().notify(one)).not.toThrow();
});
