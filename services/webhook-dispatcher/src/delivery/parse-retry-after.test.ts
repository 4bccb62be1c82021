import { expect, test } from 'vitest';
import { parseRetryAfter } from './parse-retry-after.ts';

const NOW_MS = Date.parse('2026-01-05T10:00:00Z');

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Mon, 05 Jan 2026 10:00:30 GMT', 30_000],
  ['Mon, 05 Jan 2026 09:00:00 GMT', 0],
  [['7', '9'], 7000],
])('%j asks to wait %i ms', (header, ms) => {
  expect(parseRetryAfter(header, NOW_MS)).toBe(ms);
});

test.each([undefined, '', '-1', '1.5', 'soon', '9'.repeat(13)])('%j asks for nothing', (header) => {
  expect(parseRetryAfter(header, NOW_MS)).toBeUndefined();
});
