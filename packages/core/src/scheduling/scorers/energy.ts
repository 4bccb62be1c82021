import type { Scorer } from './scorer.ts';

/**
 * **Computes** the joules a token costs on the thriftiest candidate, divided by those it costs here.
 * **Intent** prefer the GPU that does more with its power. **Reads** `energy`; unknown (the cloud's, too): 1, nobody
 * here pays for it. **Range** 1 (the thriftiest) to 0. **Tuned by** its weight.
 */
export const energy: Scorer<'energy'> = {
  name: 'energy',
  shares: { auto: 5, fast: 0, quality: 0, cost: 10, long_context: 0 },
  score: (_job, { energy: known }, { leastJoulesPerToken }) =>
    known === undefined || known.joulesPerToken === 0 ? 1 : leastJoulesPerToken / known.joulesPerToken,
};
