import { expect, test } from 'vitest';
import { shareReceivers } from './share-receivers.ts';

const slow = 'slow.example.com';

test('a receiver has its share and no more, and another one is not touched by that', () => {
  const takePlace = shareReceivers(2);
  const first = takePlace(slow);
  expect(takePlace(slow).kind).toBe('taken');
  expect(takePlace(slow)).toMatchObject({ kind: 'busy', waitMs: 250 });
  expect(takePlace('other.example.com').kind).toBe('taken');
  first[Symbol.dispose]();
  expect(takePlace(slow).kind).toBe('taken');
  expect(takePlace(slow).kind).toBe('busy');
});

test('the more are turned away the longer each stays away, up to half a minute', () => {
  const takePlace = shareReceivers(1);
  takePlace(slow);
  const waits = Array.from({ length: 200 }, () => takePlace(slow)).map((place) =>
    place.kind === 'busy' ? place.waitMs : 0,
  );
  expect(waits.slice(0, 3)).toEqual([250, 500, 750]);
  expect(waits.at(-1)).toBe(30_000);
});

test('a receiver that has caught up is forgotten with all who waited for it', () => {
  const takePlace = shareReceivers(1);
  const place = takePlace(slow);
  for (let turn = 0; turn < 50; turn += 1) takePlace(slow);
  place[Symbol.dispose]();
  takePlace(slow);
  expect(takePlace(slow)).toMatchObject({ kind: 'busy', waitMs: 250 });
});
