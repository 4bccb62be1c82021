import { array, assert, integer, property, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { RefusedRoom } from './refused-room.ts';

const needs = tuple(integer({ min: 0, max: 9 }), integer({ min: 0, max: 9 }));

test('covers what needs as much as something that was refused, of a tenant charged as much; nothing else', () => {
  assert(
    property(array(needs), needs, (refused, [tokens, virtualTokens]) => {
      const room = new RefusedRoom();
      for (const need of refused) room.add(...need);
      const covered = refused.some(([least, charged]) => tokens >= least && virtualTokens >= charged);
      expect(room.covers(tokens, virtualTokens)).toBe(covered);
    }),
  );
});
