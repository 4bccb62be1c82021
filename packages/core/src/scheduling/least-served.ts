import type { TenantId } from '../id/name.ts';
import type { JobClass } from '../job/state.ts';
import type { Snapshot } from './snapshot.ts';

/** Of the tenants with jobs of a class waiting, how little the one served least was charged before this plan. */
export interface LeastServed {
  /** Of all tenants but this one: nobody is ahead of itself. Infinity when there is no other. */
  besides(tenantId: TenantId, jobClass: JobClass): number;
}

export function openLeastServed({ lanes, tenants }: Snapshot): LeastServed {
  const byClass = new Map<JobClass, { first: TenantId; least: number; second: number }>();
  for (const { jobClass, tenantId } of lanes) {
    const charged = tenants.get(tenantId)?.virtualTokens ?? 0;
    const known = byClass.get(jobClass);
    if (known === undefined) byClass.set(jobClass, { first: tenantId, least: charged, second: Infinity });
    else if (known.first === tenantId) continue;
    else if (charged < known.least)
      byClass.set(jobClass, { first: tenantId, least: charged, second: known.least });
    else known.second = Math.min(known.second, charged);
  }
  return {
    besides: (tenantId, jobClass) => {
      const known = byClass.get(jobClass);
      if (known === undefined) return Infinity;
      return known.first === tenantId ? known.second : known.least;
    },
  };
}
