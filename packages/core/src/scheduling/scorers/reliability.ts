import type { Scorer } from './scorer.ts';

/**
 * **Computes** `succeeded x (1 - timedOut)`, shares of the backend's latest attempts.
 * **Intent** keep off what fails, long before it is cooled down. **Reads** `reliability`; unknown: 1.
 * **Range** 1 (never failed) to 0. **Tuned by** its weight.
 */
export const reliability: Scorer<'reliability'> = {
  name: 'reliability',
  shares: { auto: 10, fast: 10, quality: 10, cost: 5, long_context: 10 },
  score: (_job, { reliability: known }) => (known === undefined ? 1 : known.succeeded * (1 - known.timedOut)),
};
