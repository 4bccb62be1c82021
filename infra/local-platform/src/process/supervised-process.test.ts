import { createLogger } from '@spillway/service-kit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Exit, RunningProcess } from './launch.ts';
import { SupervisedProcess } from './supervised-process.ts';

const logger = createLogger('test', { level: 'silent' });
const restart = { firstMs: 1_000, capMs: 10_000, healthyMs: 30_000 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Processes that end when told to, or on their own when the test says so. */
const fakes = ({ stubborn = false } = {}) => {
  const started: { pid: number; signals: string[]; end: (exit?: Exit) => void; beReady: () => void }[] = [];
  const launch = async (): Promise<RunningProcess> => {
    const exited = Promise.withResolvers<Exit>();
    const ready = Promise.withResolvers<void>();
    const signals: string[] = [];
    const pid = 100 + started.length;
    const end = (exit: Exit = { code: 1, signal: null }): void => exited.resolve(exit);
    started.push({ pid, signals, end, beReady: () => ready.resolve() });
    return {
      pid,
      ready: ready.promise,
      exited: exited.promise,
      kill: (signal) => {
        signals.push(signal);
        if (signal === 'SIGKILL' || !stubborn) end({ code: null, signal });
      },
      tail: () => 'last words',
    };
  };
  return { launch, started };
};

test('restarts come after 1, 2, 4, 8 and 10 seconds, and after 1 again when it ran for 30', async () => {
  const { launch, started } = fakes();
  const child = new SupervisedProcess({ name: 'scheduler', launch, logger, restart });
  await vi.advanceTimersByTimeAsync(0);
  for (const delayMs of [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]) {
    const before = started.length;
    started.at(-1)?.end();
    await vi.advanceTimersByTimeAsync(delayMs - 1);
    expect([started.length, child.alive]).toEqual([before, false]);
    await vi.advanceTimersByTimeAsync(1);
    expect([started.length, child.alive]).toEqual([before + 1, true]);
  }
  await vi.advanceTimersByTimeAsync(30_000);
  started.at(-1)?.end();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(started).toHaveLength(8);
  await child.stop(1_000);
});

test('it is ready when the first process says so, and not when that one ends before', async () => {
  const good = fakes();
  const child = new SupervisedProcess({ name: 'scheduler', launch: good.launch, logger, restart });
  await vi.advanceTimersByTimeAsync(0);
  good.started[0]?.beReady();
  await child.firstReady;

  const bad = fakes();
  const failing = new SupervisedProcess({ name: 'scheduler', launch: bad.launch, logger, restart });
  await vi.advanceTimersByTimeAsync(0);
  bad.started[0]?.end({ code: 3, signal: null });
  await expect(failing.firstReady).rejects.toThrow(
    'scheduler ended (exit code 3) before it was ready\nlast words',
  );
  await Promise.all([child.stop(1_000), failing.stop(1_000)]);
});

test('a stop asks once with SIGTERM and starts nothing any more', async () => {
  const { launch, started } = fakes();
  const child = new SupervisedProcess({ name: 'scheduler', launch, logger, restart });
  await vi.advanceTimersByTimeAsync(0);
  await child.stop(1_000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(started.map(({ signals }) => signals)).toEqual([['SIGTERM']]);
  expect([child.alive, child.pid, child.kill('SIGTERM')]).toEqual([false, 0, false]);
});

test('a process that ignores SIGTERM gets SIGKILL when its grace is over', async () => {
  const { launch, started } = fakes({ stubborn: true });
  const child = new SupervisedProcess({ name: 'scheduler', launch, logger, restart });
  await vi.advanceTimersByTimeAsync(0);
  const stopped = child.stop(1_000);
  await vi.advanceTimersByTimeAsync(999);
  expect(started[0]?.signals).toEqual(['SIGTERM']);
  await vi.advanceTimersByTimeAsync(1);
  await stopped;
  expect(started[0]?.signals).toEqual(['SIGTERM', 'SIGKILL']);
});

test('a stop while it waits for the next start ends the wait', async () => {
  const { launch, started } = fakes();
  const child = new SupervisedProcess({ name: 'scheduler', launch, logger, restart });
  await vi.advanceTimersByTimeAsync(0);
  started[0]?.end();
  await vi.advanceTimersByTimeAsync(10);
  await child.stop(1_000);
  expect(started).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});
