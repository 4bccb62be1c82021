import type { EpochMs } from '../../time.ts';
import type { Holding } from '../capacity.ts';
import type { BackendView, JobView, LaneView, SchedulingPolicy } from '../snapshot.ts';

export interface FilterContext {
  readonly nowMs: EpochMs;
  readonly policy: SchedulingPolicy;
  readonly lane: LaneView;
  /** The models that may serve the lane, best first. */
  readonly models: readonly string[];
  readonly holding: Holding;
  /** Whether the lane's model group may use the cloud now, and the sentence why or why not. */
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
  | 'KV_HEADROOM';

/**
 * Excludes a backend for a job. `refuses` answers with the numbers it looked at, or undefined to keep the backend.
 *
 * `scope` says what a refusal means for the rest of the lane: `lane`, nobody behind this job fares better now;
 * `job`, the next one may.
 */
export interface Filter {
  readonly code: FilterCode;
  readonly scope: 'lane' | 'job';
  refuses(job: JobView, backend: BackendView, context: FilterContext): string | undefined;
}
