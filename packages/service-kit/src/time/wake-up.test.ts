import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWakeUp, type WakeUp } from './wake-up.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const going = new AbortController().signal;

/** Whether one wait has ended by now. */
async function hasEnded(waiting: Promise<void>): Promise<boolean> {
  let ended = false;
  void (async () => {
    await waiting;
    ended = true;
  })();
  await vi.advanceTimersByTimeAsync(0);
  return ended;
}

const waitLong = (wakeUp: WakeUp): Promise<void> => wakeUp.next(60_000, going);

test('a wake-up ends the wait at once and leaves no timer', async () => {
  const wakeUp = createWakeUp();
  const waiting = waitLong(wakeUp);
  expect(await hasEnded(waiting)).toBe(false);
  wakeUp.wake();
  expect(await hasEnded(waiting)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('a wake-up that comes while nobody waits is kept, and many of them end one wait', async () => {
  const wakeUp = createWakeUp();
  for (let count = 0; count < 3; count += 1) wakeUp.wake();
  expect(await hasEnded(waitLong(wakeUp))).toBe(true);
  expect(await hasEnded(waitLong(wakeUp))).toBe(false);
});

test('many wake-ups during one wait end that one and not the next', async () => {
  const wakeUp = createWakeUp();
  const waiting = waitLong(wakeUp);
  for (let count = 0; count < 3; count += 1) wakeUp.wake();
  expect(await hasEnded(waiting)).toBe(true);
  expect(await hasEnded(waitLong(wakeUp))).toBe(false);
});

test('without a wake-up a wait ends after its time', async () => {
  const waiting = createWakeUp().next(500, going);
  await vi.advanceTimersByTimeAsync(499);
  expect(await hasEnded(waiting)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await hasEnded(waiting)).toBe(true);
});

test('an abort ends the wait, before it begins and while it lasts, and leaves no timer', async () => {
  const stop = new AbortController();
  const wakeUp = createWakeUp();
  const waiting = wakeUp.next(500, stop.signal);
  stop.abort();
  expect(await hasEnded(waiting)).toBe(true);
  expect(await hasEnded(wakeUp.next(500, stop.signal))).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});
