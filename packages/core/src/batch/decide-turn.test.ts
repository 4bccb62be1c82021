import { describe, expect, test } from 'vitest';
import { type BatchView, decideTurn, type TurnLimits } from './decide-turn.ts';
import { BATCH_STATUSES, hasBatchEnded } from './status.ts';

const NOW_MS = 10_000;
const LIMITS: TurnLimits = { window: 100, drainLines: 20, drainBytes: 1000, drainMs: 500, pollMs: 1000 };
const POLL = { kind: 'wait', untilMs: NOW_MS + LIMITS.pollMs };

/** Everything is fed and runs, and was drained just now. */
const RUNNING: BatchView = {
  status: 'in_progress',
  paused: false,
  held: 'none',
  validated: true,
  total: 50,
  cursor: 50,
  open: 50,
  ended: 0,
  settled: 0,
  settledBytes: 0,
  drained: 0,
  drainedAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 60_000,
};

const turnOf = (changes: Partial<BatchView>, limits: Partial<TurnLimits> = {}) =>
  decideTurn({ ...RUNNING, ...changes }, { ...LIMITS, ...limits }, NOW_MS);

describe('the next turn of a batch', () => {
  test('is to validate it, and when it has ended, to leave it', () => {
    expect(turnOf({ status: 'validating', paused: true })).toEqual({ kind: 'validate' });
    expect(turnOf({ status: 'finalizing', open: 0 })).toEqual({ kind: 'finalise' });
    for (const status of BATCH_STATUSES.filter(hasBatchEnded)) {
      expect(turnOf({ status })).toEqual({ kind: 'leave' });
    }
  });

  test('in progress with nothing to do is to look again later', () => {
    expect(turnOf({})).toEqual(POLL);
  });

  test('is to feed half a window at least, or the rest', () => {
    const many = { total: 1000, cursor: 0, open: 0 };
    expect(turnOf(many)).toEqual({ kind: 'feed', room: 100 });
    expect(turnOf({ ...many, cursor: 50, open: 50 })).toEqual({ kind: 'feed', room: 50 });
    expect(turnOf({ ...many, cursor: 51, open: 51 })).toEqual(POLL);
    expect(turnOf({ ...many, cursor: 150, drained: 100, open: 50 })).toEqual({ kind: 'feed', room: 50 });
    expect(turnOf({ total: 60, cursor: 51, open: 51 })).toEqual({ kind: 'feed', room: 9 });
  });

  test('counts the jobs of documents that have more of them than lines', () => {
    expect(turnOf({ total: 1000, cursor: 10, open: 60 })).toEqual(POLL);
    expect(turnOf({ total: 1000, cursor: 10, open: 50 })).toEqual({ kind: 'feed', room: 50 });
  });

  test('is to drain what is worth a part file, or has waited long enough', () => {
    expect(turnOf({ open: 31, settled: 19 })).toEqual(POLL);
    expect(turnOf({ open: 30, settled: 20 })).toEqual({ kind: 'drain' });
    expect(turnOf({ open: 49, settled: 1, drainedAtMs: NOW_MS - 499 })).toEqual(POLL);
    expect(turnOf({ open: 49, settled: 1, drainedAtMs: NOW_MS - 500 })).toEqual({ kind: 'drain' });
    expect(turnOf({ drainedAtMs: 0 }), 'nothing to drain').toEqual(POLL);
  });

  test('in a small window a quarter of it is worth a part file', () => {
    const small = { window: 10 };
    expect(turnOf({ cursor: 10, open: 8, settled: 2 }, small)).toEqual(POLL);
    expect(turnOf({ cursor: 10, open: 7, settled: 3 }, small)).toEqual({ kind: 'drain' });
  });

  test('large answers are written down although they are few', () => {
    expect(turnOf({ open: 48, settled: 2, settledBytes: 999 })).toEqual(POLL);
    expect(turnOf({ open: 48, settled: 2, settledBytes: 1000 })).toEqual({ kind: 'drain' });
  });

  test('holding or resuming that was not through is done again, whichever is wanted by now', () => {
    expect(turnOf({ paused: true, held: 'some' })).toEqual({ kind: 'hold' });
    expect(turnOf({ paused: false, held: 'some' })).toEqual({ kind: 'resume' });
  });

  test('goes on with documents before anything else is fed or drained', () => {
    expect(turnOf({ total: 1000, ended: 1, settled: 40, paused: true })).toEqual({ kind: 'advance' });
  });

  test('paused is to take out of the lanes what waits there, to write down what ends, and to feed nothing', () => {
    const paused = { total: 1000, cursor: 0, open: 0, paused: true };
    expect(turnOf(paused)).toEqual({ kind: 'hold' });
    expect(turnOf({ ...paused, held: 'all' })).toEqual(POLL);
    expect(turnOf({ ...paused, held: 'all', cursor: 40, settled: 40 })).toEqual({ kind: 'drain' });
    expect(turnOf({ ...paused, held: 'all', paused: false })).toEqual({ kind: 'resume' });
  });

  test('when every line has ended is to write them down, and then to close, paused or not', () => {
    const over = { open: 0, paused: true, settled: 1, drained: 49 };
    expect(turnOf(over)).toEqual({ kind: 'drain' });
    expect(turnOf({ ...over, settled: 0, drained: 50 })).toEqual({ kind: 'close' });
    expect(turnOf({ total: 0, cursor: 0, open: 0 }), 'without any line').toEqual({ kind: 'close' });
  });

  test('when every line has ended and something still runs for one is to end that first', () => {
    const over = { settled: 0, drained: 50, open: 2 };
    expect(turnOf(over)).toEqual({ kind: 'cancel-open' });
    expect(turnOf({ ...over, ended: 1 })).toEqual({ kind: 'advance' });
  });

  test('when the time is over is to wait until the store has ended what runs, and then to close', () => {
    const late = { total: 1000, settled: 40, expiresAtMs: NOW_MS };
    expect(turnOf(late)).toEqual(POLL);
    expect(turnOf({ ...late, open: 0, ended: 3 })).toEqual({ kind: 'advance' });
    expect(turnOf({ ...late, open: 0 })).toEqual({ kind: 'drain' });
    expect(turnOf({ ...late, open: 0, settled: 0 })).toEqual({ kind: 'close' });
  });

  test('while it is being cancelled is to end what is under way, to write it down, and to finalise', () => {
    const cancelling = { status: 'cancelling', total: 1000, settled: 40, ended: 3 } as const;
    expect(turnOf(cancelling)).toEqual({ kind: 'cancel-open' });
    expect(turnOf({ ...cancelling, open: 0 })).toEqual({ kind: 'advance' });
    expect(turnOf({ ...cancelling, open: 0, ended: 0 })).toEqual({ kind: 'drain' });
    expect(turnOf({ ...cancelling, open: 0, ended: 0, settled: 0 })).toEqual({ kind: 'finalise' });
  });

  test('cancelled before its lines were counted is to count them: each has its place in the results', () => {
    const early = { status: 'cancelling', validated: false, total: 0, cursor: 0, open: 0 } as const;
    expect(turnOf(early)).toEqual({ kind: 'validate' });
    expect(turnOf({ ...early, validated: true, total: 50 })).toEqual({ kind: 'finalise' });
  });
});
