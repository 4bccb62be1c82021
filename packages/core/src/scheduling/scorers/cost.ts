import type { Scorer } from './scorer.ts';

/** USD at which the score is one half: the price of a typical answer of a small cloud model. */
const REFERENCE_USD = 0.001;

/**
 * **Computes** `1 / (1 + usd / 0.001)`, usd = prompt x input price + longest answer x output price.
 * **Intent** prefer what costs less. **Reads** tokens of the job, price of the backend; an unknown price scores 0.
 * **Range** 1 (free, every local backend) to 0. **Tuned by** its weight.
 */
export const cost: Scorer = {
  name: 'cost',
  weight: 0.4,
  score: (job, backend) => {
    if (backend.location === 'local') return 1;
    if (backend.price === undefined) return 0;
    const usd =
      (job.inputTokens * backend.price.inputUsdPerMillion +
        job.outputTokens * backend.price.outputUsdPerMillion) /
      1e6;
    return 1 / (1 + usd / REFERENCE_USD);
  },
};
