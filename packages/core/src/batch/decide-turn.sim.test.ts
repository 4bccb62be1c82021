import { array, assert, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BatchPlan, type Happening, happenings, openBatchModel, plans } from './batch-model.fixtures.ts';
import { type BatchTurn, type BatchView, decideTurn, type TurnLimits } from './decide-turn.ts';
import { hasBatchEnded } from './status.ts';

const RUNS = { numRuns: 1000 };
/** Far more than any of these batches can need: whatever needs more goes round in circles. */
const MOST_TURNS = 5000;
/** In a quiet world, a job ends after so many turns. */
const TURNS_PER_JOB = 4;

const limits = record({
  window: integer({ min: 1, max: 12 }),
  drainLines: integer({ min: 1, max: 12 }),
  drainBytes: integer({ min: 10, max: 200 }),
  drainMs: integer({ min: 0, max: 300 }),
  pollMs: integer({ min: 20, max: 300 }),
});

const MOVING = [
  'validate',
  'feed',
  'advance',
  'drain',
  'hold',
  'resume',
  'cancel-open',
  'close',
  'finalise',
] as const;

interface Taken {
  readonly turn: BatchTurn;
  readonly before: BatchView;
  readonly after: BatchView;
  readonly limits: TurnLimits;
  readonly nowMs: number;
}

interface History {
  readonly plan: BatchPlan;
  readonly end: BatchView;
  readonly outcomes: readonly number[];
  readonly turns: readonly Taken[];
  readonly wasCancelled: boolean;
}

/** Plays random batches to their ends, with limits that change as other batches come and go. */
const everyBatch = (guarantee: (history: History) => void): void =>
  assert(
    property(plans, happenings, array(limits, { minLength: 1, maxLength: 4 }), (plan, events, all) => {
      guarantee(play(plan, events, all));
    }),
    RUNS,
  );

function play(plan: BatchPlan, events: readonly Happening[], all: readonly TurnLimits[]): History {
  const model = openBatchModel(plan);
  const turns: Taken[] = [];
  let wasCancelled = false;
  while (turns.length < MOST_TURNS) {
    const happening = events[turns.length];
    if (happening !== undefined) model.happen(happening);
    else if (turns.length % TURNS_PER_JOB === 0) model.endNext();
    const before = model.view();
    wasCancelled ||= before.status === 'cancelling';
    const limit = all[turns.length % all.length];
    if (limit === undefined) throw new Error('there are limits');
    const turn = decideTurn(before, limit, model.nowMs());
    const nowMs = model.nowMs();
    model.take(turn);
    turns.push({ turn, before, after: model.view(), limits: limit, nowMs });
    if (turn.kind === 'leave') break;
  }
  return { plan, end: model.view(), outcomes: model.outcomes(), turns, wasCancelled };
}

/** Holds each turn of a kind against a guarantee. */
const everyTurn = (kinds: readonly BatchTurn['kind'][], guarantee: (taken: Taken) => void): void => {
  let seen = 0;
  everyBatch(({ turns }) => {
    for (const taken of turns) {
      if (!kinds.includes(taken.turn.kind)) continue;
      seen += 1;
      guarantee(taken);
    }
  });
  expect(seen, 'it happens at all').toBeGreaterThan(0);
};

describe('every history of a batch', () => {
  test('reaches an end, whatever happens, with every line that was fed written down once', () => {
    const ends = new Set<string>();
    everyBatch(({ plan, end, outcomes, wasCancelled }) => {
      expect(hasBatchEnded(end.status)).toBe(true);
      ends.add(end.status);
      expect(new Set(outcomes).size, 'lines with one outcome').toBe(outcomes.length);
      expect([end.drained, end.settled, end.open, end.ended]).toEqual([outcomes.length, 0, 0, 0]);
      const isWhole = end.drained === plan.lines.length;
      const right = wasCancelled
        ? 'cancelled'
        : !plan.isUsable
          ? 'failed'
          : isWhole
            ? 'completed'
            : 'expired';
      expect(end.status).toBe(right);
    });
    expect([...ends].toSorted()).toEqual(['cancelled', 'completed', 'expired', 'failed']);
  });

  test('completes when time is enough and nobody stands in its way', () => {
    assert(
      property(plans, limits, (plan, limit) => {
        const usable = { ...plan, isUsable: true, windowMs: Number.POSITIVE_INFINITY };
        expect(play(usable, [], [limit]).end.status).toBe('completed');
      }),
      RUNS,
    );
  });

  test('never goes round in circles: a turn that does not wait changes what the next one sees', () => {
    everyTurn(MOVING, ({ before, after }) => {
      expect(after).not.toEqual(before);
    });
    everyTurn(['wait'], ({ turn, nowMs }) => {
      expect(turn.kind === 'wait' && turn.untilMs > nowMs).toBe(true);
    });
  });

  test('feeds what fits into the window, and no further line than there is', () => {
    everyTurn(['feed'], ({ turn, after, before, limits: { window } }) => {
      if (turn.kind !== 'feed') return;
      expect(turn.room).toBeGreaterThan(0);
      expect(before.cursor + turn.room).toBeLessThanOrEqual(before.total);
      expect(after.cursor - after.drained).toBeLessThanOrEqual(window);
      expect(before.open + turn.room).toBeLessThanOrEqual(window);
    });
  });

  test('feeds only while it is in progress, not paused, and the window is not over', () => {
    everyTurn(['feed'], ({ before, nowMs }) => {
      expect(before).toMatchObject({ status: 'in_progress', paused: false, held: 'none' });
      expect(nowMs).toBeLessThan(before.expiresAtMs);
    });
  });

  test('closes when every line has ended or the time is over, and nothing is under way', () => {
    everyTurn(['close'], ({ before, nowMs }) => {
      expect(before.drained === before.total || nowMs >= before.expiresAtMs).toBe(true);
      expect(before).toMatchObject({ open: 0, ended: 0, settled: 0 });
    });
  });

  test('is finalised when its lines are counted and nothing is left to be written down', () => {
    everyTurn(['finalise'], ({ before }) => {
      expect(before).toMatchObject({ validated: true, open: 0, ended: 0, settled: 0 });
    });
  });

  test('what waits is taken out of the lanes once when it is paused, and put back once', () => {
    everyTurn(['hold', 'resume'], ({ turn, before }) => {
      expect([before.paused, before.held]).toEqual(turn.kind === 'hold' ? [true, 'none'] : [false, 'all']);
    });
  });

  test('ends what runs only when it is cancelled, or no line needs it any more', () => {
    everyTurn(['cancel-open'], ({ before }) => {
      expect(before.open).toBeGreaterThan(0);
      expect(before.status === 'cancelling' || before.settled + before.drained === before.total).toBe(true);
    });
  });
});
