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
  /** What the job's tenant has been charged, this plan included. */
  readonly virtualTokens: number;
  /** Virtual tokens a tenant may be ahead of another one as if they were even. */
  readonly shareTolerance: number;
  /** What a tenant was charged before this plan: a refusal that goes by it holds as long as the plan goes on. */
  chargedBefore(this: void, tenantId: TenantId): number;
  /** What this plan has left of each budget. */
  readonly budgets: readonly BudgetView[];
}

interface Refusal<Code extends string> {
  /** What a decision shows; docs/scheduling.md#filters names them. */
  readonly code: Code;
  /**
   * What a refusal means for the rest of the lane: `lane`, nobody behind this job fares better now; `job`, the next one
   * may.
   */
  readonly scope: 'lane' | 'job';
  /**
   * A job that needs less might not meet the refusal; one that needs as much of what `RoomNeed` names meets it for as
   * long as the plan goes on.
   */
  readonly wantOfRoom: boolean;
}

/** Looks at nothing that changes with time: a backend it refuses could not run the job on any day. */
export interface LastingFilter<Code extends string = string> extends Refusal<Code> {
  readonly passes: 'never';
  readonly refuses: (job: JobView, backend: BackendView) => string | undefined;
}

interface PassingFilter<Code extends string> extends Refusal<Code> {
  /**
   * What a wait changes: `not-by-waiting`, nothing, as long as lane and policy are what they are; `perhaps`, it may pass;
   * `by-itself`, it will, which is worth waiting for rather than going back to a backend that failed.
   */
  readonly passes: 'not-by-waiting' | 'perhaps' | 'by-itself';
  readonly refuses: (
    job: JobView,
    backend: BackendLoad,
    context: FilterContext,
    model: string,
  ) => string | undefined;
}

/**
 * Excludes a backend for a job. `refuses` answers with the numbers it looked at, or undefined to keep the backend.
 * What the plan has given a backend so far is in its load.
 */
export type Filter<Code extends string = string> = LastingFilter<Code> | PassingFilter<Code>;
