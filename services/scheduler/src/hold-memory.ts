import type { Hold, JobId } from '@spillway/core';

/** Which holds have been written down: one for a job and reason, not one for every tick. */
export interface HoldMemory {
  /** Whether this hold says something that was not written yet; remembers that it is now. */
  isNew(hold: Hold): boolean;
  /** Whether any hold of the job was written; forgets the job, which moves on. */
  take(jobId: JobId): boolean;
}

/** The heads of all lanes fit many times; forgetting one costs a repeated record. */
const MOST_JOBS = 50_000;

export function createHoldMemory(): HoldMemory {
  const reasons = new Map<JobId, string>();
  return {
    isNew: ({ job, explanation }) => {
      const reason = explanation.candidates
        .map((candidate) => `${candidate.backendId} ${candidate.kind === 'refused' ? candidate.code : ''}`)
        .join();
      if (reasons.get(job.id) === reason) return false;
      reasons.delete(job.id);
      reasons.set(job.id, reason);
      const oldest = reasons.keys().next().value;
      if (reasons.size > MOST_JOBS && oldest !== undefined) reasons.delete(oldest);
      return true;
    },
    take: (jobId) => reasons.delete(jobId),
  };
}
