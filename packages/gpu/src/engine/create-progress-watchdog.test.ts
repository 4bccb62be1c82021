import { describe, expect, test } from 'vitest';
import { createProgressWatchdog } from './create-progress-watchdog.ts';

const metrics = (running: number, generationTokensTotal: number, promptTokensTotal = 100) => ({
  running,
  waiting: 0,
  promptTokensTotal,
  generationTokensTotal,
});

describe('createProgressWatchdog', () => {
  test('an engine with requests and no token for 30 s is stalled, and until when it worked is told', () => {
    const watchdog = createProgressWatchdog();
    expect(watchdog.observe(1_000, metrics(2, 10))).toEqual({ kind: 'working' });
    expect(watchdog.observe(30_999, metrics(2, 10))).toEqual({ kind: 'working' });
    expect(watchdog.observe(31_000, metrics(2, 10))).toEqual({ kind: 'stalled', sinceMs: 1_000 });
  });

  test('waiting requests alone are reason enough', () => {
    const watchdog = createProgressWatchdog({ stallAfterMs: 10 });
    const waiting = { ...metrics(0, 10), waiting: 1 };
    watchdog.observe(0, waiting);
    expect(watchdog.observe(10, waiting).kind).toBe('stalled');
  });

  test('reading a prompt is progress, too, and one token ends a stall', () => {
    const watchdog = createProgressWatchdog({ stallAfterMs: 10 });
    watchdog.observe(0, metrics(1, 10, 100));
    expect(watchdog.observe(10, metrics(1, 10, 612)).kind).toBe('working');
    expect(watchdog.observe(20, metrics(1, 10, 612)).kind).toBe('stalled');
    expect(watchdog.observe(21, metrics(1, 11, 612)).kind).toBe('working');
  });

  test('an idle engine is never stalled, and its idle time does not count once work arrives', () => {
    const watchdog = createProgressWatchdog({ stallAfterMs: 10 });
    watchdog.observe(0, metrics(0, 10));
    expect(watchdog.observe(100, metrics(0, 10)).kind).toBe('working');
    expect(watchdog.observe(109, metrics(1, 10)).kind).toBe('working');
    expect(watchdog.observe(110, metrics(1, 10)).kind).toBe('stalled');
  });

  test('counters that begin again after a restart are no stall', () => {
    const watchdog = createProgressWatchdog({ stallAfterMs: 10 });
    watchdog.observe(0, metrics(1, 5_000));
    expect(watchdog.observe(10, metrics(1, 3)).kind).toBe('working');
  });

  test('an engine that does not count its tokens is never called stalled', () => {
    const watchdog = createProgressWatchdog({ stallAfterMs: 10 });
    watchdog.observe(0, { running: 3 });
    expect(watchdog.observe(1_000, { running: 3 }).kind).toBe('working');
  });
});
