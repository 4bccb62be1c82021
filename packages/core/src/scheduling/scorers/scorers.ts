import { cost } from './cost.ts';
import { energy } from './energy.ts';
import { headroom } from './headroom.ts';
import { quality } from './quality.ts';
import { reliability } from './reliability.ts';
import type { Scorer } from './scorer.ts';
import { time } from './time.ts';

/** In the order decisions show them; the strategy of a job has their weights. */
export const SCORERS = [
  time,
  cost,
  quality,
  reliability,
  headroom,
  energy,
] as const satisfies readonly Scorer[];

/** What a score is made of. */
export type ScorerName = (typeof SCORERS)[number]['name'];
export const SCORER_NAMES: readonly ScorerName[] = SCORERS.map(({ name }) => name);

/** A number for each scorer, by its name. */
export const byScorer = (valueOf: (scorer: Scorer) => number): Record<ScorerName, number> =>
  Object.fromEntries(SCORERS.map((scorer) => [scorer.name, valueOf(scorer)])) as Record<ScorerName, number>;
