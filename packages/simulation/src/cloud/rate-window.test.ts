import { expect, test } from 'vitest';
import { RateWindow } from './rate-window.ts';

test('a minute has so many requests and tokens, and the next one as many again', () => {
  const window = new RateWindow({ requestsPerMinute: 3, tokensPerMinute: 1000 });
  expect(window.take(61_000, 600)).toBeUndefined();
  expect(window.take(62_000, 500)).toBe(120_000);
  expect(window.take(63_000, 100)).toBeUndefined();
  expect(window.take(64_000, 100)).toBeUndefined();
  expect(window.left(64_000)).toEqual({ requestsLeft: 0, tokensLeft: 200 });
  expect(window.take(65_000, 1)).toBe(120_000);
  expect(window.left(120_000)).toEqual({ requestsLeft: 3, tokensLeft: 1000 });
});

test('a request of more tokens than a minute has takes a whole one', () => {
  const window = new RateWindow({ requestsPerMinute: 3, tokensPerMinute: 1000 });
  expect(window.take(0, 5000)).toBeUndefined();
  expect(window.take(1, 1)).toBe(60_000);
});
