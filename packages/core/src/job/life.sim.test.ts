import {
  type Arbitrary,
  array,
  assert,
  boolean,
  constantFrom,
  integer,
  oneof,
  property,
  record,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WorkerId } from '../id/id.ts';
import type { BackendId } from '../id/name.ts';
import { isTerminal } from './state.ts';
import { DRAWN } from './state-machine.fixtures.ts';
import { type JobEvent, type JobLife, transition } from './transition.ts';

const RUNS = { numRuns: 2000 };
const MAX_RESCUES = 3;
const backendId = 'gpu-0' as BackendId;
const workerId = 'wrk_00000000000000000000000001' as WorkerId;
const reason = { kind: 'engine-lost', detail: 'the connection broke' } as const;
const NEW: JobLife = { state: { kind: 'queued', availableAtMs: 0 }, fence: 0, attempts: 0, rescues: 0 };

/** An event as it meets the job: `behind` is how many dispatches its sender is behind (or, lying, ahead of). */
type Step = (life: JobLife, atMs: number) => JobEvent;

const behind = constantFrom(0, 0, 0, 0, 1, 2, -1);
const waitMs = integer({ min: 0, max: 3 });
const decisions = oneof(
  waitMs.map((wait) => ({ kind: 'retry', availableAtMs: wait, elsewhere: false }) as const),
  constantFrom({ kind: 'give-up', because: 'deadline' } as const),
);

const moving: Arbitrary<Step> = oneof(
  constantFrom<Step>((_life, atMs) => ({ kind: 'dispatched', backendId, atMs })),
  behind.map<Step>((late) => ({ fence }, atMs) => ({ kind: 'claimed', workerId, fence: fence - late, atMs })),
);
const dying: Arbitrary<Step> = oneof(
  record({ late: behind, waits: waitMs }).map<Step>(({ late, waits }) => ({ fence }, atMs) => ({
    kind: 'attempt-crashed',
    fence: fence - late,
    atMs,
    availableAtMs: atMs + waits,
    maxRescues: MAX_RESCUES,
    reason,
  })),
  boolean().map<Step>((blamed) => (_life, atMs) => ({
    kind: 'rescued',
    atMs,
    maxRescues: MAX_RESCUES,
    blamed,
  })),
);
const ending: Arbitrary<Step> = oneof(
  behind.map<Step>((late) => ({ fence }, atMs) => ({ kind: 'attempt-completed', fence: fence - late, atMs })),
  record({ late: behind, decision: decisions }).map<Step>(({ late, decision }) => ({ fence }, atMs) => ({
    kind: 'attempt-failed',
    fence: fence - late,
    atMs,
    reason,
    decision:
      decision.kind === 'retry' ? { ...decision, availableAtMs: atMs + decision.availableAtMs } : decision,
  })),
  constantFrom<Step>(
    (_life, atMs) => ({ kind: 'cancel-requested', atMs }),
    (_life, atMs) => ({ kind: 'clock-expired', clock: 'start', atMs }),
    (_life, atMs) => ({ kind: 'clock-expired', clock: 'deadline', atMs }),
    (_life, atMs) => ({ kind: 'found-unservable', detail: 'too long', atMs }),
  ),
);
/** Mostly what keeps a job alive: histories that end at once show little. */
const histories = array(
  oneof({ weight: 8, arbitrary: moving }, { weight: 4, arbitrary: dying }, { weight: 1, arbitrary: ending }),
  { maxLength: 40 },
);

type Guarantee<After> = (before: JobLife, event: JobEvent, after: After) => void;

/** Plays random histories and holds each step, legal or not, against a guarantee. */
const everyStep = (guarantee: Guarantee<JobLife | undefined>): void =>
  assert(
    property(histories, (steps) => {
      let life = NEW;
      for (const [atMs, step] of steps.entries()) {
        const event = step(life, atMs);
        const moved = transition(life, event);
        guarantee(life, event, moved.ok ? moved.value : undefined);
        if (moved.ok) life = moved.value;
      }
    }),
    RUNS,
  );

/** The same for the legal steps alone. */
const everyMove = (guarantee: Guarantee<JobLife>): void =>
  everyStep((before, event, after) => {
    if (after) guarantee(before, event, after);
  });

const arrows = new Set(DRAWN.map(({ from, to, event }) => `${from} ${event} ${to}`));

describe('every history of a job', () => {
  test('follows the arrows of the diagram', () => {
    everyMove((before, event, after) => {
      expect(arrows).toContain(`${before.state.kind} ${event.kind} ${after.state.kind}`);
    });
  });

  test('ends once: nothing follows a terminal state', () => {
    everyMove((before) => {
      expect(isTerminal(before.state.kind)).toBe(false);
    });
  });

  test('raises the fence with each dispatch by one, and by nothing else', () => {
    everyMove((before, event, after) => {
      expect(after.fence - before.fence).toBe(event.kind === 'dispatched' ? 1 : 0);
    });
  });

  test('claims and settles with the newest fence only', () => {
    everyMove(({ fence }, event) => {
      expect('fence' in event ? event.fence : fence).toBe(fence);
    });
  });

  test('has no more attempts than dispatches, and no more deaths than attempts', () => {
    everyMove((_before, _event, { fence, attempts, rescues }) => {
      expect(attempts).toBeLessThanOrEqual(fence);
      expect(rescues).toBeLessThanOrEqual(attempts);
    });
  });

  test('counts deaths up to the most there may be; then, and then only, they have ended it', () => {
    everyMove((before, event, after) => {
      const died = after.rescues - before.rescues;
      const isDeath = event.kind === 'attempt-crashed' || (event.kind === 'rescued' && event.blamed);
      expect(died).toBe(isDeath && before.state.kind === 'running' ? 1 : 0);
      expect(after.rescues).toBeLessThanOrEqual(MAX_RESCUES);
      expect(after.rescues === MAX_RESCUES).toBe(died === 1 && after.state.kind === 'failed');
    });
  });

  test('is dispatched from its time on, and not before; what was taken back may be at once', () => {
    everyStep(({ state }, event, after) => {
      const due = state.kind === 'queued' && state.availableAtMs <= event.atMs;
      expect(event.kind === 'dispatched' && after !== undefined).toBe(event.kind === 'dispatched' && due);
      const waits = after?.state.kind === 'queued' && after.state.availableAtMs > event.atMs;
      expect(event.kind === 'rescued' && waits).toBe(false);
    });
  });
});
