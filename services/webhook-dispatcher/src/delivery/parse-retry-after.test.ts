import { expect, test } from 'vitest';
import { parseRetryAfter } from './parse-retry-after.ts';

/** The receiver's clock, years from ours. */
const date = 'Mon, 05 Jan 2015 10:00:00 GMT';

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Mon, 05 Jan 2015 10:00:30 GMT', 30_000],
  ['Mon, 05 Jan 2015 09:00:00 GMT', 0],
  [['7', '9'], 7000],
])('%j asks to wait %i ms', (header, ms) => {
  expect(parseRetryAfter({ 'retry-after': header, date })).toBe(ms);
});

test.each([undefined, 'soon'])('beside the date %j our clock counts', (received) => {
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
  const asked = parseRetryAfter({ 'retry-after': inAnHour, date: received });
  expect(asked).toBeGreaterThan(3_590_000);
  expect(asked).toBeLessThanOrEqual(3_600_000);
});

test.each([undefined, '', '-1', '1.5', 'soon', '9'.repeat(13)])('%j asks for nothing', (header) => {
  expect(parseRetryAfter({ 'retry-after': header, date })).toBeUndefined();
});
