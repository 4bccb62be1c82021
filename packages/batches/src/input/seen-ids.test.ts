import { array, assert, constantFrom, integer, oneof, pre, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { createSeenIds } from './seen-ids.ts';

test('tells of every id where it was first, as a map would, for any ids and seeds', () => {
  const id = oneof(string({ maxLength: 4 }), string({ unit: 'grapheme' }), constantFrom('a', 'b', 'aa'));
  const seed = integer({ min: 0, max: 2 ** 32 - 1 });
  assert(
    property(array(id, { maxLength: 60 }), seed, seed, (ids, one, other) => {
      // One seed for both halves would be a hash of 32 bits only.
      pre(one !== other);
      const seen = createSeenIds([one, other]);
      const map = new Map<string, number>();
      ids.forEach((each, index) => {
        expect(seen.note(each, index + 1)).toBe(map.get(each));
        if (!map.has(each)) map.set(each, index + 1);
      });
    }),
  );
});

test('grows: of 200,000 ids that differ in one character every one is known again, and none before its time', () => {
  const seen = createSeenIds([1, 2]);
  const early: number[] = [];
  const lost: number[] = [];
  for (let line = 1; line <= 200_000; line += 1)
    if (seen.note(`request-${line}`, line) !== undefined) early.push(line);
  for (let line = 1; line <= 200_000; line += 1)
    if (seen.note(`request-${line}`, 7) !== line) lost.push(line);
  expect({ early, lost }).toEqual({ early: [], lost: [] });
});
