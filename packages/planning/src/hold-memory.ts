import type { Hold, JobId } from '@spillway/core';

/** Which holds have been written down: one for a job and its reasons, not one for every tick. */
export interface HoldMemory {
  /** Whether this hold says something that was not written of the job yet; remembers that it is now. */
  isNew(hold: Hold): boolean;
  /** Whether any hold of the job was written; forgets the job, which moves on. */
  take(jobId: JobId): boolean;
  /** Forgets everything: what was to be written may not have been. */
  clear(): void;
}

/** The heads of all lanes fit many times; forgetting one costs a repeated record. */
const MOST_JOBS = 50_000;

export function createHoldMemory(mostJobs = MOST_JOBS): HoldMemory {
  // By job, the reasons of each hold that was written: reasons that come and go are told once.
  const written = new Map<JobId, Set<string>>();
  return {
    isNew: ({ job, reasons }) => {
      const known = written.get(job.id) ?? new Set();
      if (known.has(reasons)) return false;
      known.add(reasons);
      written.delete(job.id);
      written.set(job.id, known);
      const oldest = written.keys().next().value;
      if (written.size > mostJobs && oldest !== undefined) written.delete(oldest);
      return true;
    },
    take: (jobId) => written.delete(jobId),
    clear: () => written.clear(),
  };
}
