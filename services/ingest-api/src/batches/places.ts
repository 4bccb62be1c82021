import type { TenantId } from '@spillway/core';
import { Problem } from '../http/problem.ts';

/** Streams that are held open: each looks at the store again and again. */
export interface Places {
  /** Takes one until the signal aborts or it is given back, whichever comes first. Throws a problem when none is left. */
  take(tenantId: TenantId, signal: AbortSignal): () => void;
}

/** @param mostPerTenant at once, in this process */
export function createPlaces(mostPerTenant: number): Places {
  const taken = new Map<TenantId, number>();
  return {
    take: (tenantId, signal) => {
      const before = taken.get(tenantId) ?? 0;
      if (before >= mostPerTenant) {
        throw new Problem('too-many-streams', `${before} streams are open; at most ${mostPerTenant} may be`, {
          headers: { 'retry-after': '5' },
        });
      }
      taken.set(tenantId, before + 1);
      let isHeld = true;
      const giveBack = (): void => {
        if (!isHeld) return;
        isHeld = false;
        signal.removeEventListener('abort', giveBack);
        const left = (taken.get(tenantId) ?? 1) - 1;
        if (left === 0) taken.delete(tenantId);
        else taken.set(tenantId, left);
      };
      signal.addEventListener('abort', giveBack, { once: true });
      if (signal.aborted) giveBack();
      return giveBack;
    },
  };
}
