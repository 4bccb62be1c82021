import type { CandidateBody } from '@spillway/contracts';

/** What a refused backend has in place of a prediction and a score. */
export const NOT_SCORED = {
  model: null,
  score: null,
  components: null,
  finish_in_ms: null,
  parts: null,
  cached_tokens: null,
  cost_usd: null,
} as const satisfies Partial<CandidateBody>;
