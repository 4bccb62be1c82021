import type { JobClass } from '../../job/state.ts';
import type { EpochMs } from '../../time.ts';
import type { SchedulingPolicy } from '../policy.ts';
import type { JobView, LaneView } from '../snapshot.ts';
import type { Contender } from './order-rule.ts';

/**
 * A job as it stands in line now.
 *
 * @param shortestMs how long local hardware takes for it at the least, in ms
 * @param entitled its tenant has had no more than its share: only then does hurry buy a place. Whoever sends too much
 *   makes its own jobs late, and would go before the others with just those (docs/benchmarks, fairness: attacks)
 */
export function toContender(
  lane: LaneView,
  job: JobView,
  virtualTokens: number,
  nowMs: EpochMs,
  policy: SchedulingPolicy,
  shortestMs: number,
  entitled: boolean,
): Contender {
  const { jobClass } = lane;
  const competesAs = entitled && isPromoted(job, jobClass, nowMs, policy) ? 'interactive' : jobClass;
  const agesAtMs = job.submittedAtMs + policy.maxWaitMs[jobClass];
  return {
    lane,
    job,
    virtualTokens,
    competesAs,
    classRank: CLASS_RANK[competesAs],
    entitled,
    aged: entitled && nowMs > agesAtMs,
    hopeless: nowMs + shortestMs > job.deadlineAtMs,
    effectiveDeadlineAtMs: Math.min(job.deadlineAtMs, agesAtMs),
  };
}

const CLASS_RANK: Readonly<Record<JobClass, number>> = { interactive: 0, standard: 1, batch: 2 };

/** Less than the class's share of the job's whole time is left (SCHEDULING §7.4). */
const isPromoted = (
  { submittedAtMs, deadlineAtMs }: JobView,
  jobClass: JobClass,
  nowMs: EpochMs,
  { promotion }: SchedulingPolicy,
): boolean => deadlineAtMs - nowMs < promotion[jobClass] * (deadlineAtMs - submittedAtMs);
