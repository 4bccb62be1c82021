import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBackoff } from './backoff.ts';
import { every, type TaskFailure } from './every.ts';
import { wait } from './wait.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('every', () => {
  test('runs now and then once per interval until it is aborted', async () => {
    const stop = new AbortController();
    const task = vi.fn<() => void>();
    const loop = every(1_000, stop.signal, task, () => {});
    await vi.advanceTimersByTimeAsync(3_500);
    expect(task).toHaveBeenCalledTimes(4);
    stop.abort();
    await loop;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(task).toHaveBeenCalledTimes(4);
  });

  test('runs never overlap, and what a slow run missed is not caught up', async () => {
    const stop = new AbortController();
    let running = 0;
    let most = 0;
    let runs = 0;
    const slow = async (): Promise<void> => {
      runs += 1;
      running += 1;
      most = Math.max(most, running);
      await wait(2_500, new AbortController().signal);
      running -= 1;
    };
    const loop = every(1_000, stop.signal, slow, () => {});
    await vi.advanceTimersByTimeAsync(7_400);
    expect([most, runs]).toEqual([1, 3]);
    stop.abort();
    await vi.advanceTimersByTimeAsync(2_500);
    await loop;
  });

  test('survives failing runs and reports them at most every ten seconds, with the number left out', async () => {
    const stop = new AbortController();
    const failures: TaskFailure[] = [];
    const task = vi.fn<() => void>(() => {
      throw new Error('redis does not answer');
    });
    const loop = every(1_000, stop.signal, task, (failure) => failures.push(failure));
    await vi.advanceTimersByTimeAsync(10_500);
    stop.abort();
    await loop;
    expect(task).toHaveBeenCalledTimes(11);
    expect(failures.map(({ suppressed }) => suppressed)).toEqual([0, 9]);
  });

  test('hands the signal to the task, whose end by abort is no failure', async () => {
    const stop = new AbortController();
    const onError = vi.fn<() => void>();
    const loop = every(
      1_000,
      stop.signal,
      (signal) => wait(60_000, signal).then(() => signal.throwIfAborted()),
      onError,
    );
    await vi.advanceTimersByTimeAsync(10);
    stop.abort();
    await loop;
    expect(onError).not.toHaveBeenCalled();
  });
});

test('wait says whether the time passed or the signal came, also when it came before', async () => {
  const stop = new AbortController();
  const first = wait(100, stop.signal);
  await vi.advanceTimersByTimeAsync(100);
  expect(await first).toBe('elapsed');
  const second = wait(100, stop.signal);
  stop.abort();
  expect(await second).toBe('aborted');
  expect(await wait(100, stop.signal)).toBe('aborted');
  expect(vi.getTimerCount()).toBe(0);
});

test('a backoff doubles up to its cap and begins again after a healthy run', () => {
  const backoff = createBackoff({ firstMs: 1_000, capMs: 10_000, healthyMs: 30_000 });
  expect([0, 0, 0, 0, 0, 0].map((ran) => backoff.next(ran))).toEqual([
    1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
  ]);
  expect([30_000, 29_999].map((ran) => backoff.next(ran))).toEqual([1_000, 2_000]);
});
