import { expect, test } from 'vitest';
import { parseRange } from './parse-range.ts';

test.each([
  ['bytes=0-0', 0, 1],
  ['bytes=0-9', 0, 10],
  ['bytes=3-', 3, 10],
  ['BYTES=3-5', 3, 6],
  ['bytes=5-99999', 5, 10],
  ['bytes=-4', 6, 10],
  ['bytes=-400', 0, 10],
])('%s of ten bytes goes from %i to before %i', (header, start, end) => {
  expect(parseRange(header, 10)).toEqual({ kind: 'part', start, end });
});

test.each([undefined, '', 'bytes=-', 'bytes=5-4', 'bytes=0-1,4-5', 'items=0-1', 'bytes=a-b', 'bytes=0x1-2'])(
  '%s is ignored',
  (header) => {
    expect(parseRange(header, 10)).toEqual({ kind: 'whole' });
  },
);

test.each([
  ['bytes=10-', 10],
  ['bytes=10-20', 10],
  ['bytes=-0', 10],
  ['bytes=0-', 0],
  ['bytes=-5', 0],
])('%s of %i bytes cannot be given', (header, bytes) => {
  expect(parseRange(header, bytes)).toEqual({ kind: 'not-satisfiable' });
});
