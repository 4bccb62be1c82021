import { expect, test } from 'vitest';
import { assertNever } from './assert-never.ts';

test('a case that the types ruled out is a bug that names the value', () => {
  expect(() => assertNever({ kind: 'surprise' } as never)).toThrow('unexpected value: {"kind":"surprise"}');
});
