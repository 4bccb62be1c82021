import type { WorkerId } from '../id/id.ts';
import type { BackendId } from '../id/name.ts';
import { assertNever } from '../assert-never.ts';
import { err, ok, type Result } from '../result.ts';
import type { EpochMs } from '../time.ts';
import type { FailureReason } from './failure.ts';
import type { RetryDecision } from './retry.ts';
import { type ExpiredClock, isTerminal, type JobState, type JobStateKind } from './state.ts';

/** The part of a job that its life changes. `fence` rises with every dispatch: a writer with an older one loses. */
export interface JobLife {
  readonly state: JobState;
  readonly fence: number;
  /** Attempts claimed so far. */
  readonly attempts: number;
  /** Times a worker or an engine died with this job in its hands. */
  readonly rescues: number;
}

export type JobEvent =
  | { readonly kind: 'dispatched'; readonly backendId: BackendId; readonly atMs: EpochMs }
  | { readonly kind: 'claimed'; readonly workerId: WorkerId; readonly fence: number; readonly atMs: EpochMs }
  | { readonly kind: 'attempt-completed'; readonly fence: number; readonly atMs: EpochMs }
  | {
      readonly kind: 'attempt-failed';
      readonly fence: number;
      readonly atMs: EpochMs;
      readonly reason: FailureReason;
      readonly decision: RetryDecision;
    }
  /** The engine died under the attempt and its worker lived to tell: like a rescue, only that it waits a little. */
  | {
      readonly kind: 'attempt-crashed';
      readonly fence: number;
      readonly atMs: EpochMs;
      readonly availableAtMs: EpochMs;
      readonly maxRescues: number;
      readonly reason: FailureReason;
    }
  /**
   * Nobody alive knows of the dispatch or the attempt any more: back to the lane, or given up as poison. `blamed`: its
   * worker died; not so where the worker lives and only the answer to its claim was lost.
   */
  | {
      readonly kind: 'rescued';
      readonly atMs: EpochMs;
      readonly maxRescues: number;
      readonly blamed: boolean;
    }
  | { readonly kind: 'cancel-requested'; readonly atMs: EpochMs }
  | { readonly kind: 'clock-expired'; readonly clock: ExpiredClock; readonly atMs: EpochMs }
  | { readonly kind: 'found-unservable'; readonly detail: string; readonly atMs: EpochMs };
export type JobEventKind = JobEvent['kind'];

export interface IllegalTransition {
  readonly kind: 'illegal-transition';
  readonly from: JobStateKind;
  readonly event: JobEventKind;
}

/**
 * The life of a job, whole: what may happen in which state. The Lua scripts that change records apply the same
 * table (a test holds them against it), and `state-machine.md` draws it.
 */
export function transition(job: JobLife, event: JobEvent): Result<JobLife, IllegalTransition> {
  const illegal = err({ kind: 'illegal-transition', from: job.state.kind, event: event.kind } as const);
  const { state } = job;
  switch (event.kind) {
    case 'dispatched':
      return state.kind === 'queued' && state.availableAtMs <= event.atMs
        ? ok({
            ...job,
            fence: job.fence + 1,
            state: { kind: 'dispatched', backendId: event.backendId, dispatchedAtMs: event.atMs },
          })
        : illegal;
    case 'claimed':
      return state.kind === 'dispatched' && job.fence === event.fence
        ? ok({
            ...job,
            attempts: job.attempts + 1,
            state: {
              kind: 'running',
              backendId: state.backendId,
              workerId: event.workerId,
              startedAtMs: event.atMs,
            },
          })
        : illegal;
    case 'attempt-completed':
      return state.kind === 'running' && job.fence === event.fence
        ? ok({ ...job, state: { kind: 'completed', finishedAtMs: event.atMs, backendId: state.backendId } })
        : illegal;
    case 'attempt-failed':
      if (state.kind !== 'running' || job.fence !== event.fence) return illegal;
      return event.decision.kind === 'retry'
        ? ok({ ...job, state: { kind: 'queued', availableAtMs: event.decision.availableAtMs } })
        : ok({ ...job, state: { kind: 'failed', finishedAtMs: event.atMs, reason: event.reason } });
    case 'attempt-crashed':
      return state.kind === 'running' && job.fence === event.fence ? ok(afterDeath(job, event)) : illegal;
    case 'rescued':
      return rescue(job, event) ?? illegal;
    case 'cancel-requested':
      return isTerminal(state.kind)
        ? illegal
        : ok({ ...job, state: { kind: 'cancelled', finishedAtMs: event.atMs } });
    case 'clock-expired':
      // The clock to start has done its work once the job has run; from then on only the deadline ends it.
      return isTerminal(state.kind) || (event.clock === 'start' && job.attempts > 0)
        ? illegal
        : ok({ ...job, state: { kind: 'expired', finishedAtMs: event.atMs, clock: event.clock } });
    case 'found-unservable':
      return state.kind === 'queued'
        ? ok({
            ...job,
            state: {
              kind: 'failed',
              finishedAtMs: event.atMs,
              reason: { kind: 'unservable', detail: event.detail },
            },
          })
        : illegal;
    default:
      return assertNever(event);
  }
}

type Rescued = Extract<JobEvent, { kind: 'rescued' }>;

/** A dispatch or a lease nobody knows of is taken back for nothing; an attempt whose worker died counts. */
function rescue(job: JobLife, { atMs, maxRescues, blamed }: Rescued): Result<JobLife, never> | undefined {
  const { kind } = job.state;
  if (kind !== 'dispatched' && kind !== 'running') return undefined;
  if (kind === 'dispatched' || !blamed) return ok({ ...job, state: { kind: 'queued', availableAtMs: atMs } });
  const detail = `${job.rescues + 1} workers or engines died while they ran this job`;
  const reason = { kind: 'worker-lost', detail } as const;
  return ok(afterDeath(job, { atMs, availableAtMs: atMs, maxRescues, reason }));
}

interface Death {
  readonly atMs: EpochMs;
  /** When the job may be tried again, unless this was once too often. */
  readonly availableAtMs: EpochMs;
  readonly maxRescues: number;
  readonly reason: FailureReason;
}

/** Each death in the hands of which it was counts, and too many of them mark poison. */
function afterDeath(job: JobLife, { atMs, availableAtMs, maxRescues, reason }: Death): JobLife {
  const rescues = job.rescues + 1;
  return rescues < maxRescues
    ? { ...job, rescues, state: { kind: 'queued', availableAtMs } }
    : { ...job, rescues, state: { kind: 'failed', finishedAtMs: atMs, reason } };
}
