import type { Scorer } from './scorer.ts';

/**
 * **Computes** `1 / (1 + index)` of the model the backend would run, in its model group.
 * **Intent** a model group is written best first. **Reads** the group, the model.
 * **Range** 1 (first choice) towards 0. **Tuned by** the order in the configuration, and its weight.
 */
export const preference: Scorer = {
  name: 'preference',
  weight: 0.2,
  score: (_job, _backend, { models, model }) => 1 / (1 + models.indexOf(model)),
};
