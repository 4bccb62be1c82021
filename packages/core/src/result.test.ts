import { expect, test } from 'vitest';
import { err, ok, type Result } from './result.ts';

const half = (value: number): Result<number, 'odd'> => (value % 2 === 0 ? ok(value / 2) : err('odd'));

test('a success carries its value and a failure its error, told apart by `ok`', () => {
  expect(half(8)).toEqual({ ok: true, value: 4 });
  expect(half(7)).toEqual({ ok: false, error: 'odd' });
});
