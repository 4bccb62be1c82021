import type { Scorer } from './scorer.ts';

/**
 * **Computes** `1 / (1 + index)` of the best model of the group that the backend serves.
 * **Intent** a model group is written best first. **Reads** the group, the backend's models.
 * **Range** 1 (first choice) towards 0. **Tuned by** the order in the configuration, and its weight.
 */
export const preference: Scorer = {
  name: 'preference',
  weight: 0.2,
  score: (_job, backend, { models }) => {
    const index = models.findIndex((model) => backend.models.includes(model));
    return index === -1 ? 0 : 1 / (1 + index);
  },
};
