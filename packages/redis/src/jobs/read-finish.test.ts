import { expect, test } from 'vitest';
import { readFinish, readForetold } from './read-finish.ts';

const DEADLINE = 2_000_000;

test('from the forecast of its model group and class, and its place in the class', () => {
  expect(readFinish(1_000_000, 3, '100 8000 200.5 2', DEADLINE)).toBe(1_008_401);
});

test('from the forecast alone, where nothing was seen of its class yet', () => {
  expect(readFinish(1_000_000, 3, '0.5 1e3', DEADLINE)).toBe(1_001_002);
});

test('nothing is known without a forecast', () => {
  expect(readFinish(1_000_000, 3, '', DEADLINE)).toBeUndefined();
});

test('what was told at submission comes back from what is kept of it', () => {
  expect(readForetold(1_000_000, '3 100 8000 200.5 2', DEADLINE)).toBe(1_008_401);
  expect(readForetold(1_000_000, '', DEADLINE), 'nothing was told').toBeUndefined();
});
