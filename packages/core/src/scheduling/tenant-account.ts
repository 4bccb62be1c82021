import type { TenantId } from '../id/name.ts';
import type { Snapshot } from './snapshot.ts';

/** A tenant's share as a plan goes on. */
export interface TenantAccount {
  readonly weight: number;
  /** What it was charged before this plan, in virtual tokens. */
  readonly chargedBefore: number;
  /** The same, and what this plan has charged it. */
  virtualTokens: number;
}

/** Accounts by tenant; one that was never charged begins at 0. */
export function openAccounts({ tenants }: Snapshot): (tenantId: TenantId) => TenantAccount {
  const accounts = new Map<TenantId, TenantAccount>();
  return (tenantId) => {
    const known = accounts.get(tenantId);
    if (known !== undefined) return known;
    const { weight, virtualTokens } = tenants.get(tenantId) ?? { weight: 1, virtualTokens: 0 };
    const account = { weight, chargedBefore: virtualTokens, virtualTokens };
    accounts.set(tenantId, account);
    return account;
  };
}
