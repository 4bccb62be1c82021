import { expect, test } from 'vitest';
import { RateWindow } from './rate-window.ts';

test('no more than the limit passes in one minute, and the next minute starts afresh', () => {
  const window = new RateWindow(2);
  expect(window.take(1_000)).toEqual({ allowed: true, limit: 2, remaining: 1, resetMs: 60_000 });
  expect(window.take(31_000)).toEqual({ allowed: true, limit: 2, remaining: 0, resetMs: 30_000 });
  expect(window.take(60_999)).toEqual({ allowed: false, limit: 2, remaining: 0, resetMs: 1 });
  expect(window.take(61_000)).toMatchObject({ allowed: true, remaining: 1 });
});

test('without a limit nothing is refused', () => {
  const window = new RateWindow(undefined);
  const states = Array.from({ length: 20_000 }, () => window.take(0));
  expect(states.every(({ allowed, remaining }) => allowed && remaining > 0)).toBe(true);
});
