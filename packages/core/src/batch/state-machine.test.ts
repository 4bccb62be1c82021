import { describe, expect, test } from 'vitest';
import { readArrows } from '../job/state-machine.fixtures.ts';
import { BATCH_EVENTS } from './batch-events.fixtures.ts';
import diagram from './state-machine.md?raw';
import { BATCH_STATUSES, hasBatchEnded } from './status.ts';
import { transitionBatch } from './transition-batch.ts';

const drawn = readArrows(diagram);
const moves = drawn.filter(({ event }) => event !== undefined);

const possible = BATCH_STATUSES.flatMap((from) =>
  Object.values(BATCH_EVENTS).flatMap((event) => {
    const moved = transitionBatch(from, event);
    return moved.ok ? [{ from, to: moved.value, event: event.kind }] : [];
  }),
);

const sorted = (arrows: readonly object[]): readonly string[] =>
  [...new Set(arrows.map((arrow) => Object.values(arrow).join(' ')))].toSorted();

describe('the drawn life of a batch', () => {
  test('every arrow is a move the transition makes, and every move is drawn', () => {
    expect(moves.length).toBeGreaterThan(0);
    expect(sorted(moves)).toEqual(sorted(possible));
  });

  test('no arrow is drawn twice', () => {
    expect(sorted(drawn)).toHaveLength(drawn.length);
  });

  test('a life begins validating and ends in each status after which nothing changes', () => {
    expect(drawn.filter(({ from }) => from === '[*]').map(({ to }) => to)).toEqual(['validating']);
    expect(drawn.filter(({ to }) => to === '[*]').map(({ from }) => from)).toEqual(
      BATCH_STATUSES.filter(hasBatchEnded),
    );
  });
});
