import type { SchedulingPolicy } from './policy.ts';

/**
 * Quality of a model, 0 to 1: as configured; else by its place in its model group, which is written best first, each
 * one a tenth below the one before it.
 *
 * @param models the group
 */
export const qualityOf = (
  { quality, unknownQuality }: SchedulingPolicy,
  models: readonly string[],
  model: string,
): number => quality[model] ?? unknownQuality * 0.9 ** Math.max(0, models.indexOf(model));
