import type { EpochMs } from '../../time.ts';

/**
 * Slack: a job overflows once its predicted finish leaves less than its margin before the deadline:
 *
 *     finish > deadline - margin x (deadline - submitted)
 *
 * The margin pays for what a prediction cannot know: answers longer than most, and work that comes later and goes
 * first. Without it, jobs overflow when it is too late for the cloud as well (docs/benchmarks, overflow: the sweep of margins).
 *
 * @returns by how many ms the predicted finish is past that point; 0 or less: local hardware is in time
 */
export const lateByMs = (
  finishAtMs: EpochMs,
  job: { readonly submittedAtMs: EpochMs; readonly deadlineAtMs: EpochMs },
  margin: number,
): number => finishAtMs - job.deadlineAtMs + margin * (job.deadlineAtMs - job.submittedAtMs);
