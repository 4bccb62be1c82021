import type { LastingFilter } from './filter.ts';

/** Estimates of a prompt's length are off by a few per cent. */
const ESTIMATE_MARGIN = 1.05;

/** Prompt and answer fit the model's window, and for a local engine its whole KV cache. */
export const contextFit: LastingFilter<'CONTEXT_FIT'> = {
  code: 'CONTEXT_FIT',
  scope: 'job',
  passes: 'never',
  wantOfRoom: false,
  refuses: (job, backend) => {
    const limit = Math.min(backend.contextTokens ?? Infinity, backend.kvCapacityTokens ?? Infinity);
    const needed = Math.ceil(job.inputTokens * ESTIMATE_MARGIN) + job.outputTokens;
    return needed > limit ? `needs about ${needed} tokens of a window of ${limit}` : undefined;
  },
};
