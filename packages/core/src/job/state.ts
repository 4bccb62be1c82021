import type { BackendId } from '../id/name.ts';
import type { WorkerId } from '../id/id.ts';
import type { EpochMs } from '../time.ts';
import type { FailureReason } from './failure.ts';

/** How much hurry a job has, most first: the order is the order of service. */
export const JOB_CLASSES = ['interactive', 'standard', 'batch'] as const;
export type JobClass = (typeof JOB_CLASSES)[number];

/** The clock that ran out: time to start, or the whole life of the job. */
export type ExpiredClock = 'start' | 'deadline';

export type JobState =
  | { readonly kind: 'queued'; readonly availableAtMs: EpochMs }
  | { readonly kind: 'dispatched'; readonly backendId: BackendId; readonly dispatchedAtMs: EpochMs }
  | {
      readonly kind: 'running';
      readonly backendId: BackendId;
      readonly workerId: WorkerId;
      readonly startedAtMs: EpochMs;
    }
  | { readonly kind: 'completed'; readonly finishedAtMs: EpochMs; readonly backendId: BackendId }
  | { readonly kind: 'failed'; readonly finishedAtMs: EpochMs; readonly reason: FailureReason }
  | { readonly kind: 'cancelled'; readonly finishedAtMs: EpochMs }
  | { readonly kind: 'expired'; readonly finishedAtMs: EpochMs; readonly clock: ExpiredClock };
export type JobStateKind = JobState['kind'];

export const JOB_STATE_KINDS = [
  'queued',
  'dispatched',
  'running',
  'completed',
  'failed',
  'cancelled',
  'expired',
] as const satisfies readonly JobStateKind[];

const TERMINAL: ReadonlySet<JobStateKind> = new Set(['completed', 'failed', 'cancelled', 'expired']);

export const isTerminal = (kind: JobStateKind): boolean => TERMINAL.has(kind);

export const isJobStateKind = (raw: string): raw is JobStateKind =>
  (JOB_STATE_KINDS as readonly string[]).includes(raw);
