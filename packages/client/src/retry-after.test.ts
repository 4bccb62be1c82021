import { expect, test } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

const NOW_MS = Date.UTC(2030, 0, 1);

test('Retry-After is read in seconds and as an HTTP date, never below zero', () => {
  expect(parseRetryAfter('7', NOW_MS)).toBe(7000);
  expect(parseRetryAfter('Tue, 01 Jan 2030 00:00:09 GMT', NOW_MS)).toBe(9000);
  expect(parseRetryAfter('Mon, 31 Dec 2029 00:00:00 GMT', NOW_MS)).toBe(0);
  expect(parseRetryAfter('soon', NOW_MS)).toBeUndefined();
  expect(parseRetryAfter(null, NOW_MS)).toBeUndefined();
});
