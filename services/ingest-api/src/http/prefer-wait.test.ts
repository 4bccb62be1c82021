import { expect, test } from 'vitest';
import { preferredWait } from './prefer-wait.ts';

test.each([
  [undefined, 0],
  ['', 0],
  ['respond-async', 0],
  ['wait=5', 5],
  ['WAIT = 5', 5],
  ['wait="5"', 5],
  ['respond-async, wait=10; q=1', 10],
  ['handling=lenient;wait=7', 7],
  ['wait=0', 0],
  ['wait=60', 60],
  ['wait=61', 60],
  ['wait=99999999999999999999', 60],
  ['wait=-5', 0],
  ['wait=', 0],
  ['wait=soon', 0],
  ['await=5', 0],
])('Prefer: %s is a wait of %i s', (header, seconds) => {
  expect(preferredWait(header)).toBe(seconds);
});

test('a header of spaces is read in linear time', () => {
  const startedAtMs = performance.now();
  preferredWait(`wait${' '.repeat(100_000)}`);
  preferredWait(`wait=${' '.repeat(100_000)}x`);
  expect(performance.now() - startedAtMs).toBeLessThan(100);
});
