import { describe, expect, test } from 'vitest';
import { EVENTS, type EventName, LIVES } from './life.fixtures.ts';
import { isTerminal, JOB_STATE_KINDS } from './state.ts';
import { DRAWN } from './state-machine.fixtures.ts';
import { transition } from './transition.ts';

const moves = DRAWN.filter(({ event }) => event !== undefined);

const possible = JOB_STATE_KINDS.flatMap((from) =>
  (Object.keys(EVENTS) as readonly EventName[]).flatMap((name) => {
    const moved = transition(LIVES[from], EVENTS[name]);
    return moved.ok ? [{ from, to: moved.value.state.kind, event: EVENTS[name].kind }] : [];
  }),
);

const sorted = (arrows: readonly object[]): readonly string[] =>
  [...new Set(arrows.map((arrow) => Object.values(arrow).join(' ')))].toSorted();

describe('the drawn life of a job', () => {
  test('every arrow is a move the transition makes, and every move is drawn', () => {
    expect(moves.length).toBeGreaterThan(0);
    expect(sorted(moves)).toEqual(sorted(possible));
  });

  test('no arrow is drawn twice', () => {
    expect(sorted(DRAWN)).toHaveLength(DRAWN.length);
  });

  test('a life begins queued and ends in each terminal state', () => {
    expect(DRAWN.filter(({ from }) => from === '[*]').map(({ to }) => to)).toEqual(['queued']);
    expect(DRAWN.filter(({ to }) => to === '[*]').map(({ from }) => from)).toEqual(
      JOB_STATE_KINDS.filter(isTerminal),
    );
  });
});
