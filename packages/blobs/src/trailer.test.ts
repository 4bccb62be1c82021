import { expect, test } from 'vitest';
import { keyOf } from './testing/store-under-test.ts';
import { parseTrailer, TRAILER_BYTES, writeTrailer } from './trailer.ts';

const key = keyOf('a/b');
const sha256 = '0123456789abcdef'.repeat(4);

test.each([
  { bytes: 0, createdAtMs: 0, expiresAtMs: undefined },
  { bytes: 2 ** 52, createdAtMs: 2 ** 53 - 1, expiresAtMs: 2 ** 53 - 1 },
])('a trailer always has the same length and reads back as it was written', (info) => {
  const trailer = writeTrailer({ ...info, sha256 });
  expect(trailer.byteLength).toBe(TRAILER_BYTES);
  expect(parseTrailer(key, trailer, info.bytes + TRAILER_BYTES)).toEqual({ ...info, key, sha256 });
});

test('what is not whole, or not ours, is damaged and never shown', () => {
  const trailer = writeTrailer({ bytes: 5, sha256, createdAtMs: 1, expiresAtMs: undefined });
  expect(() => parseTrailer(key, trailer, 4 + TRAILER_BYTES)).toThrow('acme/a/b is damaged');
  expect(() => parseTrailer(key, trailer.subarray(1), 5 + TRAILER_BYTES)).toThrow('is damaged');
  expect(() => parseTrailer(key, Buffer.alloc(TRAILER_BYTES), TRAILER_BYTES)).toThrow('is damaged');
  expect(() => parseTrailer(key, Buffer.alloc(0), 0)).toThrow('is damaged');
});

test.each([1.5, -1, Infinity, Number.NaN])('an expiry of %d is a bug and never written', (expiresAtMs) => {
  expect(() => writeTrailer({ bytes: 5, sha256, createdAtMs: 1, expiresAtMs })).toThrow('whole milliseconds');
});
