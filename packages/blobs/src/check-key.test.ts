import { expect, test } from 'vitest';
import { checkKey, checkPrefix } from './check-key.ts';
import { keyOf } from './testing/store-under-test.ts';

test.each([
  'a',
  'a.b',
  '...',
  '.a',
  'a..b',
  'a/b-c/d_e.jsonl',
  'x'.repeat(200),
  `${'x'.repeat(199)}/`.repeat(2) + 'y'.repeat(112),
])('the path %s is legal', (path) => {
  expect(() => checkKey(keyOf(path))).not.toThrow();
});

test.each([
  '.',
  '..',
  'a/..',
  '../a',
  'a/./b',
  '/',
  'a/',
  '/a',
  'a//b',
  'a\\b',
  'a\0',
  'a\n',
  'x'.repeat(201),
  'x/'.repeat(256) + 'y',
])('the path %j is not', (path) => {
  expect(() => checkKey(keyOf(path))).toThrow('not a legal blob path');
  expect(() => checkPrefix(keyOf(path))).toThrow('not a legal blob path');
});

test('the empty path is a prefix and not a key', () => {
  expect(() => checkPrefix(keyOf(''))).not.toThrow();
  expect(() => checkKey(keyOf(''))).toThrow('not a legal blob path');
});
