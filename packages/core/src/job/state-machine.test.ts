import { describe, expect, test } from 'vitest';
import { EVENTS, type EventName, LIVES } from './life.fixtures.ts';
import { isTerminal, JOB_STATE_KINDS } from './state.ts';
import diagram from './state-machine.md?raw';
import { transition } from './transition.ts';

const ARROW = /^ +(?<from>\S+) --> (?<to>[^\s:]+)(?:: (?<event>\S+))?$/gm;

/** `from --event--> to`, as the diagram draws them; an end of the diagram is `[*]`, its arrows have no event. */
const drawn = [...diagram.matchAll(ARROW)].map(({ groups }) => ({
  from: groups?.['from'],
  to: groups?.['to'],
  event: groups?.['event'],
}));

const moves = drawn.filter(({ event }) => event !== undefined);

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
    expect(sorted(drawn)).toHaveLength(drawn.length);
  });

  test('a life begins queued and ends in each terminal state', () => {
    expect(drawn.filter(({ from }) => from === '[*]').map(({ to }) => to)).toEqual(['queued']);
    expect(drawn.filter(({ to }) => to === '[*]').map(({ from }) => from)).toEqual(
      JOB_STATE_KINDS.filter(isTerminal),
    );
  });
});
