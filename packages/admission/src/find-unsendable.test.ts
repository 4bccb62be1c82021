import { expect, test } from 'vitest';
import { findUnsendable } from './find-unsendable.ts';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

test('what can be written again is sendable: any width, 200 levels, every finite number', () => {
  expect(findUnsendable({ model: 'm', a: nested(199), b: [null, true, 'x', -1.5e308, 0] })).toBeUndefined();
  expect(findUnsendable({ a: Array.from({ length: 100_000 }, () => [{}]) })).toBeUndefined();
});

test.each([200, 100_000])('a value of %i levels is too deep, and is found without recursion', (levels) => {
  expect(findUnsendable({ a: { b: 1 }, c: nested(levels) })).toContain('200 levels');
});

test('a number that JSON.stringify would hand on as null is found wherever it stands', () => {
  expect(findUnsendable({ temperature: JSON.parse('1e999') })).toContain('number');
  expect(findUnsendable({ a: [{ b: [JSON.parse('-1e999')] }] })).toContain('number');
});
