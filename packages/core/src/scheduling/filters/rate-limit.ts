import type { Filter } from './filter.ts';

/** What the provider lets through until its limits are renewed is enough for the job. */
export const rateLimit: Filter<'RATE_LIMIT'> = {
  code: 'RATE_LIMIT',
  scope: 'lane',
  passes: 'by-itself',
  wantOfRoom: false,
  refuses: (job, { rateLimit: { requestsLeft, tokensLeft } }, { output }) => {
    if (requestsLeft < 1) return 'the provider takes no more requests for now';
    const tokens = Math.ceil(job.inputTokens + output.p90);
    return tokens > tokensLeft
      ? `needs ${tokens} tokens of the ${tokensLeft} the provider takes for now`
      : undefined;
  },
};
