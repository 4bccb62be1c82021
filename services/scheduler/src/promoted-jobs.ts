import type { JobId, Promotion } from '@spillway/core';

/** Which promotions have been counted: a job that goes on waiting is promoted in every plan. */
export interface PromotedJobs {
  /** Those that no plan had before. */
  take(promotions: readonly Promotion[]): readonly Promotion[];
}

/** More than the heads of lanes hold; forgetting one counts it twice. */
const MOST_JOBS = 50_000;

export function createPromotedJobs(mostJobs = MOST_JOBS): PromotedJobs {
  const known = new Set<JobId>();
  return {
    take: (promotions) => {
      const fresh = promotions.filter(({ job }) => !known.has(job.id));
      for (const { job } of fresh) {
        known.add(job.id);
        const oldest = known.values().next().value;
        if (known.size > mostJobs && oldest !== undefined) known.delete(oldest);
      }
      return fresh;
    },
  };
}
