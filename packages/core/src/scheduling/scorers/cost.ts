import type { Scorer } from './scorer.ts';

/**
 * **Computes** `1 / (1 + usd / referenceUsd)`: the price in the cloud, the electricity on local hardware.
 * **Intent** prefer what costs less. **Reads** the prediction's cost; one that nobody knows scores 0.
 * **Range** 1 (free) to 0. **Tuned by** `referenceUsd`, where it is one half, and its weight.
 */
export const cost: Scorer<'cost'> = {
  name: 'cost',
  shares: { auto: 30, fast: 5, quality: 5, cost: 65, long_context: 25 },
  score: (_job, _backend, { policy, prediction: { costUsd } }) =>
    costUsd === undefined ? 0 : 1 / (1 + costUsd / policy.referenceUsd),
};
