import { expect, test } from 'vitest';
import { matchesEtag } from './etag.ts';

test.each([
  [undefined, false],
  ['', false],
  ['"1"', true],
  ['"2"', false],
  ['W/"1"', true],
  ['"0", "1"', true],
  ['"0","2"', false],
  ['*', true],
  ['1', false],
  ['"1', false],
])('If-None-Match: %s', (header, matches) => {
  expect(matchesEtag(header, '"1"')).toBe(matches);
});
