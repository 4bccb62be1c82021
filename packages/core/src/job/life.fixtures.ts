import type { WorkerId } from '../id/id.ts';
import type { BackendId } from '../id/name.ts';
import type { JobState, JobStateKind } from './state.ts';
import type { JobEvent, JobLife } from './transition.ts';

const backendId = 'gpu-0' as BackendId;
const workerId = 'wrk_00000000000000000000000001' as WorkerId;
const reason = { kind: 'backend-error', detail: 'status 500' } as const;
const crash = { kind: 'engine-lost', detail: 'the connection broke' } as const;

export const FENCE = 3;
export const NOW_MS = 1000;

/** One job in each state, with the same fence, one attempt and one rescue behind it. */
export const LIVES: Readonly<Record<JobStateKind, JobLife>> = {
  queued: life({ kind: 'queued', availableAtMs: NOW_MS }),
  dispatched: life({ kind: 'dispatched', backendId, dispatchedAtMs: 500 }),
  running: life({ kind: 'running', backendId, workerId, startedAtMs: 600 }),
  completed: life({ kind: 'completed', backendId, finishedAtMs: 700 }),
  failed: life({ kind: 'failed', reason, finishedAtMs: 700 }),
  cancelled: life({ kind: 'cancelled', finishedAtMs: 700 }),
  expired: life({ kind: 'expired', clock: 'deadline', finishedAtMs: 700 }),
};

/** Every event, in every shape that decides where it leads. */
export const EVENTS = {
  dispatched: { kind: 'dispatched', backendId, atMs: NOW_MS },
  claimed: { kind: 'claimed', workerId, fence: FENCE, atMs: NOW_MS },
  'claimed with an older fence': { kind: 'claimed', workerId, fence: FENCE - 1, atMs: NOW_MS },
  'claimed with a newer fence': { kind: 'claimed', workerId, fence: FENCE + 1, atMs: NOW_MS },
  completed: { kind: 'attempt-completed', fence: FENCE, atMs: NOW_MS },
  'completed with an older fence': { kind: 'attempt-completed', fence: FENCE - 1, atMs: NOW_MS },
  'failed, to be retried': {
    kind: 'attempt-failed',
    fence: FENCE,
    atMs: NOW_MS,
    reason,
    decision: { kind: 'retry', availableAtMs: 1500, elsewhere: false },
  },
  'failed for good': {
    kind: 'attempt-failed',
    fence: FENCE,
    atMs: NOW_MS,
    reason,
    decision: { kind: 'give-up', because: 'attempts-exhausted' },
  },
  'failed with an older fence': {
    kind: 'attempt-failed',
    fence: FENCE - 1,
    atMs: NOW_MS,
    reason,
    decision: { kind: 'retry', availableAtMs: 1500, elsewhere: false },
  },
  crashed: {
    kind: 'attempt-crashed',
    fence: FENCE,
    atMs: NOW_MS,
    availableAtMs: 1500,
    maxRescues: 3,
    reason: crash,
  },
  'crashed once too often': {
    kind: 'attempt-crashed',
    fence: FENCE,
    atMs: NOW_MS,
    availableAtMs: 1500,
    maxRescues: 2,
    reason: crash,
  },
  'crashed with an older fence': {
    kind: 'attempt-crashed',
    fence: FENCE - 1,
    atMs: NOW_MS,
    availableAtMs: 1500,
    maxRescues: 3,
    reason: crash,
  },
  rescued: { kind: 'rescued', atMs: NOW_MS, maxRescues: 3, blamed: true },
  'rescued once too often': { kind: 'rescued', atMs: NOW_MS, maxRescues: 2, blamed: true },
  'rescued from a worker that lives': { kind: 'rescued', atMs: NOW_MS, maxRescues: 2, blamed: false },
  'cancel requested': { kind: 'cancel-requested', atMs: NOW_MS },
  'clock to start expired': { kind: 'clock-expired', clock: 'start', atMs: NOW_MS },
  'deadline expired': { kind: 'clock-expired', clock: 'deadline', atMs: NOW_MS },
  'found unservable': { kind: 'found-unservable', detail: 'too long', atMs: NOW_MS },
} as const satisfies Readonly<Record<string, JobEvent>>;
export type EventName = keyof typeof EVENTS;

function life(state: JobState): JobLife {
  return { state, fence: FENCE, attempts: 1, rescues: 1 };
}
