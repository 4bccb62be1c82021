import { randomUUID } from 'node:crypto';
import {
  type BackendId,
  idFromUuid,
  isTerminal,
  type JobEvent,
  type JobLife,
  type JobState,
  type JobStateKind,
  MAX_RESCUES,
  transition,
  type WorkerId,
} from '@spillway/core';
import { chargeOf } from './charge-model.fixtures.ts';
import { type Arbitrary, array, constantFrom, integer, oneof, record } from 'fast-check';

export const JOBS = 3;
/** The jobs that take this number are lines of a batch. */
export const LINE = JOBS - 1;
/** The jobs that take this number are pinned. */
export const PINNED = 0;
/** Fewer than jobs, so that a commit meets a full backend. */
export const SLOTS = 2;
export const TOKENS = 30;
export const INPUT_TOKENS = 10;
const NOW_MS = Date.now();
export const LATER_MS = NOW_MS + 3_600_000;
export const gpu = 'gpu-0' as BackendId;
export const workerIds: readonly [WorkerId, WorkerId] = [
  idFromUuid('WorkerId', randomUUID()),
  idFromUuid('WorkerId', randomUUID()),
];
export const reason = { kind: 'backend-error', detail: 'status 500' } as const;

export type Outcome =
  | 'completed'
  | 'failed'
  | 'retry at once'
  | 'retry later'
  | 'crashed'
  | 'expired'
  | 'returned';

/**
 * What somebody tries. Jobs and workers go by numbers from 0; `off` is added to the fence the job has now, and a
 * `stolen` settlement comes from a worker that never had the lease. A claim takes what is dispatched, oldest first.
 */
export type Step =
  | { readonly kind: 'submit' | 'cancel' | 'cancel as a stranger'; readonly job: number }
  | { readonly kind: 'commit' | 'reject'; readonly job: number; readonly off: number }
  | { readonly kind: 'claim'; readonly most: number; readonly worker: 0 | 1 }
  | {
      readonly kind: 'settle';
      readonly job: number;
      readonly off: number;
      readonly outcome: Outcome;
      readonly stolen: boolean;
    }
  | { readonly kind: 'expire'; readonly job: number; readonly clock: 'start' | 'deadline' }
  | { readonly kind: 'worker dies' | 'worker forgets' | 'attempts overrun'; readonly worker: 0 | 1 }
  | { readonly kind: 'backend dies' | 'time passes' };

const kind = <const Kind extends Step['kind']>(...kinds: readonly [Kind, ...Kind[]]) =>
  constantFrom(...kinds);
const job = integer({ min: 0, max: JOBS - 1 });
const most = integer({ min: 1, max: SLOTS });
const off = constantFrom(0, 0, 0, 0, 0, -1, 1);
const worker = constantFrom<(0 | 1)[]>(0, 1);
const clock = constantFrom<('start' | 'deadline')[]>('start', 'deadline');
const stolen = constantFrom(false, false, false, true);
const outcome = constantFrom<Outcome[]>(
  'completed',
  'failed',
  'retry at once',
  'retry at once',
  'retry later',
  'crashed',
  'crashed',
  'expired',
  'returned',
  'returned',
);

const anyStep: Arbitrary<Step> = oneof(
  { weight: 5, arbitrary: record({ kind: kind('commit'), job, off }) },
  { weight: 5, arbitrary: record({ kind: kind('claim'), most, worker }) },
  { weight: 5, arbitrary: record({ kind: kind('settle'), job, off, outcome, stolen }) },
  { weight: 3, arbitrary: record({ kind: kind('submit'), job }) },
  {
    weight: 2,
    arbitrary: record({ kind: kind('worker dies', 'worker forgets', 'attempts overrun'), worker }),
  },
  { weight: 2, arbitrary: record({ kind: kind('backend dies', 'time passes') }) },
  { weight: 2, arbitrary: record({ kind: kind('cancel', 'cancel as a stranger'), job }) },
  { weight: 1, arbitrary: record({ kind: kind('reject'), job, off }) },
  { weight: 2, arbitrary: record({ kind: kind('expire'), job, clock }) },
);

const run = (number: number): readonly Step[] => [
  { kind: 'submit', job: number },
  { kind: 'commit', job: number, off: 0 },
  { kind: 'claim', most: 1, worker: 0 },
];
const delayed = (number: number): readonly Step[] => [
  ...run(number),
  { kind: 'settle', job: number, off: 0, outcome: 'retry later', stolen: false },
];
const killed = (number: number): readonly Step[] => [...run(number), { kind: 'worker dies', worker: 0 }];

/** Steps that mean nothing to each other, and among them the ways to the states that chance alone seldom finds. */
export const histories: Arbitrary<readonly Step[]> = array(
  oneof(
    { weight: 8, arbitrary: anyStep.map((step) => [step]) },
    { weight: 1, arbitrary: job.map(run) },
    { weight: 1, arbitrary: job.map(delayed) },
    { weight: 1, arbitrary: job.map(killed) },
  ),
  { minLength: 20, maxLength: 30 },
).map((parts) => parts.flat());

/** What a history must come to, by the transition table alone. */
export function createModel() {
  const lives = new Map<number, JobLife>();
  const outcomes: JobStateKind[] = [];
  let counter = 0;
  const move = (number: number, event: JobEvent): boolean => {
    const life = lives.get(number);
    if (life === undefined) return false;
    const moved = transition(life, event);
    if (!moved.ok) return false;
    lives.set(number, moved.value);
    counter += chargeOf(life.state, event);
    if (number === LINE && isTerminal(moved.value.state.kind)) outcomes.push(moved.value.state.kind);
    return true;
  };
  const fenceOf = (number: number): number => lives.get(number)?.fence ?? 0;
  const stateOf = (number: number): JobState | undefined => lives.get(number)?.state;
  const count = (matches: (state: JobState) => boolean): number =>
    [...lives.values()].filter(({ state }) => matches(state)).length;
  const countPinned = (matches: (state: JobState) => boolean): number => {
    const state = stateOf(PINNED);
    return Number(state !== undefined && matches(state));
  };
  const live = () => [...lives.values()].filter(isLive);
  const rescue = (isDead: (state: JobState) => boolean, blamed = true): number => {
    const dead = [...lives].filter(([, { state }]) => isDead(state)).map(([number]) => number);
    for (const number of dead) {
      move(number, { kind: 'rescued', atMs: NOW_MS, maxRescues: MAX_RESCUES, blamed });
    }
    return dead.length;
  };
  const suspects = () => [...lives.values()].filter((life) => isSuspect(life) && isHeld(life.state));

  /**
   * Takes the step if it is legal; answers with the number of jobs it changes.
   *
   * @param claimed the jobs that a claim brought: which of those dispatched in the same millisecond is chance
   */
  const predict = (step: Step, claimed: readonly number[] = []): number => {
    switch (step.kind) {
      case 'submit': {
        if (isLive(lives.get(step.job))) return 0;
        const state = { kind: 'queued', availableAtMs: NOW_MS } as const;
        lives.set(step.job, { state, fence: 0, attempts: 0, rescues: 0 });
        return 1;
      }
      case 'commit': {
        if (step.off !== 0 || count(isHeld) >= SLOTS) return 0;
        if (isSuspect(lives.get(step.job)) && suspects().length > 0) return 0;
        return Number(move(step.job, { kind: 'dispatched', backendId: gpu, atMs: NOW_MS }));
      }
      case 'reject': {
        if (step.off !== 0) return 0;
        return Number(move(step.job, { kind: 'found-unservable', detail: 'too long', atMs: NOW_MS }));
      }
      case 'claim': {
        const waiting = count(({ kind: state }) => state === 'dispatched');
        const workerId = workerIds[step.worker];
        const legal = claimed.filter((number) =>
          move(number, { kind: 'claimed', workerId, fence: fenceOf(number), atMs: NOW_MS }),
        );
        return legal.length === claimed.length ? Math.min(step.most, waiting) : Number.NaN;
      }
      case 'settle': {
        // A deadline that a worker found comes with its lease, as every settlement does.
        const leased = !step.stolen && step.off === 0 && stateOf(step.job)?.kind === 'running';
        if (step.outcome === 'expired' && !leased) return 0;
        return Number(!step.stolen && move(step.job, settled(step.outcome, fenceOf(step.job) + step.off)));
      }
      case 'cancel':
        return Number(move(step.job, { kind: 'cancel-requested', atMs: NOW_MS }));
      case 'cancel as a stranger':
        return 0;
      case 'expire':
        return Number(move(step.job, { kind: 'clock-expired', clock: step.clock, atMs: NOW_MS }));
      case 'worker dies':
      case 'attempts overrun':
        return rescue(runsAt(workerIds[step.worker]));
      case 'worker forgets':
        return rescue(runsAt(workerIds[step.worker]), false);
      case 'backend dies':
        return rescue((state) => state.kind === 'dispatched');
      case 'time passes':
        for (const [number, life] of lives) {
          if (life.state.kind !== 'queued') continue;
          lives.set(number, { ...life, state: { kind: 'queued', availableAtMs: NOW_MS } });
        }
        return 0;
    }
  };

  return {
    predict,
    fenceOf,
    stateOf,
    /** Whether a new job may take this number. */
    isFree: (number: number): boolean => !isLive(lives.get(number)),
    /** What the store must hold now: records by number, and how full each index is. */
    expected: () => ({
      jobs: Array.from({ length: JOBS }, (_, number) => recordOf(lives.get(number))),
      indices: {
        lane: count(isInLane),
        fresh: count(isInLane) - countPinned(isInLane),
        laneInput: count(isInLane) * INPUT_TOKENS,
        prefixes: live().length,
        retry: count(isWaiting),
        start: live().filter(({ attempts }) => attempts === 0).length,
        deadline: live().length,
        dispatched: count(({ kind: state }) => state === 'dispatched'),
        running: count(({ kind: state }) => state === 'running'),
        suspects: suspects().length,
        pinned: countPinned(isHeld),
        heldTokens: count(isHeld) * TOKENS,
        workers: workerIds.map((id) => count(runsAt(id))),
        live: live().length,
        active: Math.min(1, count(isInLane)),
      },
      counter,
      batch: {
        open: isLive(lives.get(LINE)) ? 1 : 0,
        bits: outcomes.length,
        settled: outcomes.length,
        counts: TERMINAL.map((state) => outcomes.filter((ended) => ended === state).length),
      },
    }),
    /** What the lines of the batch came to, in their order. */
    outcomes: (): readonly JobStateKind[] => outcomes,
    attempts: () => Array.from({ length: JOBS }, (_, number) => lives.get(number)?.attempts ?? 0),
  };
}

const TERMINAL: readonly JobStateKind[] = ['completed', 'failed', 'cancelled', 'expired'];
const isSuspect = (life: JobLife | undefined): boolean => (life?.rescues ?? 0) >= MAX_RESCUES - 1;
const runsAt = (workerId: WorkerId) => (state: JobState) =>
  state.kind === 'running' && state.workerId === workerId;
const isInLane = (state: JobState): boolean => state.kind === 'queued' && !isWaiting(state);
const isWaiting = (state: JobState): boolean => state.kind === 'queued' && state.availableAtMs > NOW_MS;
const isLive = (life: JobLife | undefined): boolean => life !== undefined && !isTerminal(life.state.kind);
const isHeld = ({ kind: state }: JobState): boolean => state === 'dispatched' || state === 'running';

const recordOf = (life: JobLife | undefined) =>
  life && {
    state: life.state.kind,
    fence: life.fence,
    attempts: life.attempts,
    rescues: life.rescues,
    worker: life.state.kind === 'running' ? life.state.workerId : '',
    error: life.state.kind === 'failed' ? life.state.reason.kind : undefined,
  };

function settled(result: Outcome, fence: number): JobEvent {
  switch (result) {
    case 'completed':
      return { kind: 'attempt-completed', fence, atMs: NOW_MS };
    case 'expired':
      return { kind: 'clock-expired', clock: 'deadline', atMs: NOW_MS };
    case 'failed': {
      const decision = { kind: 'give-up', because: 'attempts-exhausted' } as const;
      return { kind: 'attempt-failed', fence, atMs: NOW_MS, reason, decision };
    }
    case 'crashed': {
      const when = { atMs: NOW_MS, availableAtMs: NOW_MS };
      return { kind: 'attempt-crashed', fence, ...when, maxRescues: MAX_RESCUES, reason };
    }
    case 'returned':
    case 'retry at once':
    case 'retry later': {
      const availableAtMs = result === 'retry later' ? LATER_MS : NOW_MS;
      const decision = { kind: 'retry', availableAtMs, elsewhere: false } as const;
      return { kind: 'attempt-failed', fence, atMs: NOW_MS, reason, decision };
    }
  }
}
