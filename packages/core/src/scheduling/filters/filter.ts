import type { TenantId } from '../../id/name.ts';
import type { OutputLength } from '../../prediction/output-length.ts';
import type { EpochMs } from '../../time.ts';
import type { OverflowState } from '../overflow/overflow-state.ts';
import type { BackendLoad } from '../backend-load.ts';
import type { SchedulingPolicy } from '../policy.ts';
import type { BackendView, BudgetView, JobView, LaneView } from '../snapshot.ts';

export interface FilterContext {
  readonly nowMs: EpochMs;
  readonly policy: SchedulingPolicy;
  readonly lane: LaneView;
  /** The models that may serve the job, best first. */
  readonly models: readonly string[];
  readonly overflow: OverflowState;
  /** What the job's answer is taken for. */
  readonly output: OutputLength;
  /** A tenant's counter, this plan's charges included. */
  virtualTokensOf(this: void, tenantId: TenantId): number;
  /** What this plan has left of each budget. */
  readonly budgets: readonly BudgetView[];
}

/** The codes a decision shows; SCHEDULING §7.3 names them. */
export const FILTER_CODES = [
  'CAPABILITY',
  'STRATEGY',
  'PRIVACY_PIN',
  'CONTEXT_FIT',
  'QUALITY_FLOOR',
  'HEALTH',
  'COOLING',
  'EXCLUDED_AFTER_FAILURE',
  'OVERFLOW_CLOSED',
  'COST_CAP',
  'BUDGET',
  'RATE_LIMIT',
  'CONCURRENCY',
  'PINNED_GUARD',
  'KEPT_FOR_EARLIER',
  'KV_HEADROOM',
  'LAST_CHANCE_ALONE',
] as const;
export type FilterCode = (typeof FILTER_CODES)[number];

/**
 * Excludes a backend for a job. `refuses` answers with the numbers it looked at, or undefined to keep the backend.
 * What the plan has given a backend so far is in its load.
 *
 * `scope` says what a refusal means for the rest of the lane: `lane`, nobody behind this job fares better now;
 * `job`, the next one may.
 */
export interface Filter {
  readonly code: FilterCode;
  readonly scope: 'lane' | 'job';
  readonly refuses: (
    job: JobView,
    backend: BackendLoad,
    context: FilterContext,
    model: string,
  ) => string | undefined;
}

/** Looks at nothing that changes with time: a backend it refuses could not run the job on any day. */
export interface LastingFilter extends Filter {
  readonly refuses: (job: JobView, backend: BackendView) => string | undefined;
}
