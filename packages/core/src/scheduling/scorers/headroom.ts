import type { Scorer } from './scorer.ts';

/**
 * **Computes** `1 - max(held / slots, held tokens / KV capacity)`, the roofline of the two limits.
 * **Intent** spread load, keep room for what is longer than estimated. **Reads** what the backend holds, the plan's
 * own assignments included; only a backend with a free slot is scored. **Range** 1 (idle) to 0 (full).
 * **Tuned by** its weight.
 */
export const headroom: Scorer<'headroom'> = {
  name: 'headroom',
  shares: { auto: 10, fast: 15, quality: 10, cost: 5, long_context: 15 },
  score: (_job, { held, slots, heldTokens, kvCapacityTokens = Infinity }) =>
    Math.max(0, 1 - Math.max(held / slots, heldTokens / kvCapacityTokens)),
};
