import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BackendId } from '../id/name.ts';
import { createPrefixIndex } from './prefix-index.ts';
import { NO_PREFIXES } from './prefix-lookup.ts';

const one = 'gpu-0' as BackendId;
const two = 'gpu-1' as BackendId;

describe('the index of prefixes', () => {
  test('knows what was sent where', () => {
    const index = createPrefixIndex();
    index.note(one, [1, 2, 3], 10);
    expect(index.matchedBlocks(one, [1, 2, 3])).toBe(3);
    expect(index.matchedBlocks(one, [1, 2, 3, 4])).toBe(3);
    expect(index.matchedBlocks(one, [1, 2, 9])).toBe(2);
    expect(index.matchedBlocks(one, [9, 2, 3])).toBe(0);
    expect(index.matchedBlocks(one, [])).toBe(0);
    expect(index.matchedBlocks(two, [1, 2, 3])).toBe(0);
  });

  test('forgets what was used longest ago, the ends of prompts before their beginnings', () => {
    const index = createPrefixIndex();
    index.note(one, [1, 2, 3], 4);
    index.note(one, [7, 8], 4);
    expect(index.matchedBlocks(one, [1, 2, 3])).toBe(2);
    expect(index.matchedBlocks(one, [7, 8])).toBe(2);
    index.note(one, [1, 2], 4);
    index.note(one, [9], 4);
    expect(index.matchedBlocks(one, [1, 2])).toBe(2);
    expect(index.matchedBlocks(one, [7, 8])).toBe(1);
  });

  test('of a prompt larger than the cache it keeps the beginning', () => {
    const index = createPrefixIndex();
    index.note(one, [1, 2, 3, 4, 5], 3);
    expect(index.matchedBlocks(one, [1, 2, 3, 4, 5])).toBe(3);
  });

  test('an engine with less room, or none, holds less', () => {
    const index = createPrefixIndex();
    index.note(one, [1, 2, 3, 4], 8);
    index.note(one, [1], 2);
    expect(index.matchedBlocks(one, [1, 2, 3, 4])).toBe(2);
    for (const capacity of [0, -1, Number.NaN]) {
      index.note(one, [1, 2], 4);
      index.note(one, [1, 2], capacity);
      expect(index.matchedBlocks(one, [1, 2])).toBe(0);
    }
  });

  test('a backend that is forgotten starts anew, and the others do not', () => {
    const index = createPrefixIndex();
    index.note(one, [1, 2], 4);
    index.note(two, [1, 2], 4);
    expect(index.size).toBe(4);
    index.forget(one);
    expect(index.size).toBe(2);
    expect(index.matchedBlocks(one, [1, 2])).toBe(0);
    expect(index.matchedBlocks(two, [1, 2])).toBe(2);
  });

  test('memory is bounded, whatever room a backend claims to have', () => {
    const index = createPrefixIndex();
    for (let start = 0; start < 100_000; start += 1000) {
      index.note(
        one,
        Array.from({ length: 1000 }, (_, offset) => start + offset),
        Infinity,
      );
    }
    expect(index.size).toBe(65_536);
  });

  test('never holds more than the room that was last told, and always the prompt that was last sent', () => {
    const chain = integer({ min: 0, max: 5 }).chain((branch) =>
      integer({ min: 0, max: 12 }).map((length) =>
        Array.from({ length }, (_, depth) => branch * 100 + depth),
      ),
    );
    const jobs = record({
      backendId: constantFrom(one, two),
      prefix: chain,
      capacity: integer({ min: 0, max: 20 }),
    });
    assert(
      property(array(jobs), (sent) => {
        const index = createPrefixIndex();
        const room = new Map<BackendId, number>();
        for (const { backendId, prefix, capacity } of sent) {
          index.note(backendId, prefix, capacity);
          room.set(backendId, capacity);
          expect(index.matchedBlocks(backendId, prefix)).toBe(Math.min(prefix.length, capacity));
          expect(index.size).toBeLessThanOrEqual([...room.values()].reduce((sum, blocks) => sum + blocks, 0));
        }
      }),
    );
  });
});

test('where nothing is cached, nothing matches', () => {
  expect(NO_PREFIXES.matchedBlocks(one, [1, 2, 3])).toBe(0);
});
