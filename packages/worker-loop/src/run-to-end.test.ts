import type { AttemptOutcome } from '@spillway/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Breach, runToEnd } from './run-to-end.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const ABORTED: AttemptOutcome = { kind: 'aborted' };
const rejectOnAbort = (signal: AbortSignal): Promise<AttemptOutcome> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
const never = (): Promise<AttemptOutcome> => new Promise(() => undefined);

test('what the adapter answers is the outcome, and nothing is left behind', async () => {
  const stop = new AbortController();
  const breaches: Breach[] = [];
  expect(
    await runToEnd(
      async () => ABORTED,
      stop.signal,
      (breach) => breaches.push(breach),
    ),
  ).toEqual(ABORTED);
  stop.abort();
  await vi.runAllTimersAsync();
  expect([breaches, vi.getTimerCount()]).toEqual([[], 0]);
});

test.each([
  ['rejects', () => Promise.reject(new Error('a bug'))],
  [
    'throws before it has a promise',
    () => {
      throw new Error('a bug');
    },
  ],
])('an adapter that %s has failed, with a verdict', async (_what, run) => {
  const breaches: Breach[] = [];
  const outcome = await runToEnd(run, new AbortController().signal, (breach) => breaches.push(breach));
  expect(outcome).toEqual({
    kind: 'failed',
    reason: { kind: 'backend-error', detail: 'the backend adapter failed' },
  });
  expect(breaches).toEqual([{ kind: 'rejected', error: new Error('a bug') }]);
});

test('an adapter that rejects because it was aborted was aborted', async () => {
  const stop = new AbortController();
  const outcome = runToEnd(rejectOnAbort, stop.signal, () => undefined);
  stop.abort();
  expect(await outcome).toEqual(ABORTED);
});

test.each(['before it began', 'while it ran'])(
  'an adapter deaf to an abort %s is left behind after a second',
  async (when) => {
    const stop = new AbortController();
    const breaches: Breach[] = [];
    if (when === 'before it began') stop.abort();
    const outcome = runToEnd(never, stop.signal, (breach) => breaches.push(breach));
    stop.abort();
    await vi.advanceTimersByTimeAsync(999);
    expect(breaches).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toEqual(ABORTED);
    expect(breaches).toEqual([{ kind: 'ignored-abort', afterMs: 1000 }]);
  },
);
