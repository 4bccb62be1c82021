import type { JobClass } from '../../job/state.ts';
import type { OutputLength } from '../../prediction/output-length.ts';
import type { EpochMs } from '../../time.ts';
import type { SchedulingPolicy } from '../policy.ts';
import type { JobView, LaneView } from '../snapshot.ts';
import { keysOf } from './order.ts';
import type { Contender, Standing } from './order-rule.ts';

/** What is known of a job and its tenant when it comes into line. */
export interface Claim {
  readonly output: OutputLength;
  readonly virtualTokens: number;
  /** How long local hardware takes for it at the least, in ms. */
  readonly shortestMs: number;
  /**
   * Its tenant has had no more than its share: only then does hurry buy a place. Whoever sends too much makes its own
   * jobs late, and would go before the others with just those (docs/benchmarks, fairness: attacks).
   */
  readonly entitled: boolean;
}

/** A job as it stands in line now. */
export function toContender(
  lane: LaneView,
  job: JobView,
  { output, virtualTokens, shortestMs, entitled }: Claim,
  { nowMs, policy }: { readonly nowMs: EpochMs; readonly policy: SchedulingPolicy },
): Contender {
  const { jobClass } = lane;
  const agesAtMs = job.submittedAtMs + policy.maxWaitMs[jobClass];
  // One object, not two: there is one for every lane.
  const contender: Standing & { keys: Contender['keys'] } = {
    lane,
    job,
    output,
    virtualTokens,
    competesAs: entitled && isPromoted(job, jobClass, nowMs, policy) ? 'interactive' : jobClass,
    entitled,
    aged: entitled && nowMs > agesAtMs,
    hopeless: nowMs + shortestMs > job.deadlineAtMs,
    effectiveDeadlineAtMs: Math.min(job.deadlineAtMs, agesAtMs),
    keys: [],
  };
  contender.keys = keysOf(contender);
  return contender;
}

/** Less than the class's share of the job's whole time is left (docs/scheduling.md#classes). */
const isPromoted = (
  { submittedAtMs, deadlineAtMs }: JobView,
  jobClass: JobClass,
  nowMs: EpochMs,
  { promotion }: SchedulingPolicy,
): boolean => deadlineAtMs - nowMs < promotion[jobClass] * (deadlineAtMs - submittedAtMs);
