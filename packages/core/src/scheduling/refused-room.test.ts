import { array, assert, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { RefusedRoom } from './refused-room.ts';

const figure = integer({ min: 0, max: 9 });
const needs = record({ alone: figure, inFullBatch: figure, virtualTokens: figure });

test('covers what needs as much of everything as something that was refused, and nothing else', () => {
  assert(
    property(array(needs), needs, (refused, need) => {
      const room = new RefusedRoom();
      for (const one of refused) room.add(one);
      const covered = refused.some(
        (one) =>
          need.alone >= one.alone &&
          need.inFullBatch >= one.inFullBatch &&
          need.virtualTokens >= one.virtualTokens,
      );
      expect(room.covers(need)).toBe(covered);
    }),
  );
});
