import type { EpochMs } from '../../time.ts';
import type { BackendView, JobView, LaneView, SchedulingPolicy } from '../snapshot.ts';

export interface FilterContext {
  readonly nowMs: EpochMs;
  readonly policy: SchedulingPolicy;
  readonly lane: LaneView;
  /** Whether the job may use the cloud now, and the sentence why or why not. */
  readonly overflow: { readonly open: boolean; readonly because: string };
}

/** The codes a decision shows; SCHEDULING §7.3 names them. */
export type FilterCode =
  | 'CAPABILITY'
  | 'STRATEGY'
  | 'PRIVACY_PIN'
  | 'CONTEXT_FIT'
  | 'HEALTH'
  | 'COOLING'
  | 'EXCLUDED_AFTER_FAILURE'
  | 'OVERFLOW_CLOSED'
  | 'CONCURRENCY'
  | 'KV_HEADROOM'
  | 'LAST_CHANCE_ALONE';

/**
 * Excludes a backend for a job. `refuses` answers with the numbers it looked at, or undefined to keep the backend.
 * What the plan has given a backend so far is in its `held` and `heldTokens`.
 *
 * `scope` says what a refusal means for the rest of the lane: `lane`, nobody behind this job fares better now;
 * `job`, the next one may.
 */
export interface Filter {
  readonly code: FilterCode;
  readonly scope: 'lane' | 'job';
  readonly refuses: (job: JobView, backend: BackendView, context: FilterContext) => string | undefined;
}

/** Looks at nothing that changes with time: a backend it refuses could not run the job on any day. */
export interface LastingFilter extends Filter {
  readonly refuses: (job: JobView, backend: BackendView) => string | undefined;
}
