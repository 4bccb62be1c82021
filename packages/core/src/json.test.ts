import { expect, test } from 'vitest';
import { isJsonObject } from './json.ts';

test('only an object that is no list is a JSON object', () => {
  expect([{}, { a: 1 }].map(isJsonObject)).toEqual([true, true]);
  expect([null, undefined, [], 'text', 1, true].map(isJsonObject)).not.toContain(true);
});
