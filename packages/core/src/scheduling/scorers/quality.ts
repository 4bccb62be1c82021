import { qualityOf } from '../model-quality.ts';
import type { Scorer } from './scorer.ts';

/**
 * **Computes** the quality the configuration gives the model, else its place in its group.
 * **Intent** prefer the better model. **Reads** `policy.quality`, `policy.unknownQuality`, the group's order.
 * **Range** 0 to 1. **Tuned by** these, and its weight.
 */
export const quality: Scorer<'quality'> = {
  name: 'quality',
  shares: { auto: 15, fast: 5, quality: 65, cost: 5, long_context: 25 },
  score: (_job, _backend, { policy, models, model }) => qualityOf(policy, models, model),
};
