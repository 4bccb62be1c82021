import { kvDeviation, kvTokens } from '../kv-tokens.ts';
import type { Filter } from './filter.ts';

/**
 * All it holds fits the KV cache, and room is left for answers longer than expected, so that the engine seldom preempts:
 * recomputing costs 10 to 23 % in online serving (docs/scheduling.md#kv-memory).
 *
 *     held + prompt + mean answer <= kvHeadroom x capacity - kvDeviations x deviation of all that is held
 *
 * A job that alone needs more may run when nothing else does.
 */
export const kvHeadroom: Filter<'KV_HEADROOM'> = {
  code: 'KV_HEADROOM',
  scope: 'lane',
  passes: 'by-itself',
  wantOfRoom: true,
  refuses: (job, { kvCapacityTokens, held, heldTokens }, { policy, output }) => {
    if (kvCapacityTokens === undefined || held === 0) return undefined;
    const promised = heldTokens + kvTokens(job, output);
    const spare = policy.kvDeviations * kvDeviation(output, held + 1);
    const limit = Math.floor(kvCapacityTokens * policy.kvHeadroom - spare);
    return promised > limit ? `would promise ${promised} of ${limit} KV tokens` : undefined;
  },
};
