import type { TenantId } from '../id/name.ts';
import type { JobClass } from '../job/state.ts';
import type { LanePlace } from './lane-place.ts';

/** Of the tenants with jobs of a class waiting, how little the one served least was charged before this plan. */
export interface LeastServed {
  /** Of all tenants but this one: nobody is ahead of itself. Infinity when there is no other. */
  besides(tenantId: TenantId, jobClass: JobClass): number;
}

interface Two {
  readonly first: TenantId;
  readonly least: number;
  readonly second: number;
}

export function openLeastServed(places: readonly Pick<LanePlace, 'lane' | 'account'>[]): LeastServed {
  const byClass: Partial<Record<JobClass, Two>> = {};
  for (const { lane, account } of places) {
    const { jobClass, tenantId } = lane;
    const known = byClass[jobClass];
    if (known?.first === tenantId) continue;
    const { chargedBefore } = account;
    if (known === undefined) byClass[jobClass] = { first: tenantId, least: chargedBefore, second: Infinity };
    else if (chargedBefore < known.least)
      byClass[jobClass] = { first: tenantId, least: chargedBefore, second: known.least };
    else if (chargedBefore < known.second) byClass[jobClass] = { ...known, second: chargedBefore };
  }
  return {
    besides: (tenantId, jobClass) => {
      const known = byClass[jobClass];
      if (known === undefined) return Infinity;
      return known.first === tenantId ? known.second : known.least;
    },
  };
}
