import { styleText } from 'node:util';
import { expect, test } from 'vitest';
import { table } from './table.ts';
import { wrap } from './wrap.ts';

test('a text is broken between words, and what follows is indented', () => {
  expect(wrap('one two three four', 9, 2)).toBe('one two\n  three\n  four');
  expect(wrap('short', 9, 2)).toBe('short');
});

test('a word that fits no line stays whole', () => {
  expect(wrap('a abcdefghijkl b', 6, 2)).toBe('a\n  abcdefghijkl\n  b');
});

test('colours take no room', () => {
  const red = styleText('red', 'two', { validateStream: false });
  expect(wrap(`one ${red} x`, 9, 2)).toBe(`one ${red} x`);
});

test('the last cell of a short row of a table widens no column', () => {
  const rows = [
    ['a', 'b', 'c'],
    ['long name', 'a remark that reaches over the rest'],
    ['x', 'yy', 'z'],
  ];
  expect(table(rows).split('\n')).toEqual([
    'a          b   c',
    'long name  a remark that reaches over the rest',
    'x          yy  z',
  ]);
});
