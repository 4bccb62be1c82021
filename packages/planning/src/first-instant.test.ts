import { expect, test } from 'vitest';
import { createFirstInstant } from './first-instant.ts';

test('the first instant stays the answer, also when it is the beginning of time', () => {
  const since = createFirstInstant();
  expect([0, 5, 3].map((nowMs) => since(nowMs))).toEqual([0, 0, 0]);
});
