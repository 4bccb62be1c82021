import { tokensOf } from '../capacity.ts';
import type { Filter } from './filter.ts';

/**
 * All it holds fits the KV cache with some headroom, so the engine never preempts: recomputing costs 10 to 23 % in
 * online serving (SCHEDULING §3). A job that alone needs more than the headroom may run when nothing else does.
 */
export const kvHeadroom: Filter = {
  code: 'KV_HEADROOM',
  scope: 'lane',
  refuses: (job, { kvCapacityTokens, held, heldTokens }, { policy }) => {
    if (kvCapacityTokens === undefined || held === 0) return undefined;
    const promised = heldTokens + tokensOf(job);
    const limit = Math.floor(kvCapacityTokens * policy.kvHeadroom);
    return promised > limit ? `would promise ${promised} of ${limit} KV tokens` : undefined;
  },
};
