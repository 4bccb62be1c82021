import { hash } from 'node:crypto';
import type { Config } from '@spillway/contracts';
import type { TenantId } from '@spillway/core';

/** Whose key this is; undefined for a key nobody has. */
export type FindTenant = (apiKey: string) => TenantId | undefined;

const DEFAULT_TENANT_ID = 'default' as TenantId;

/**
 * Keys are known by their SHA-256 alone. The development key that a first start makes belongs to the tenant
 * `default`, as long as the configuration gives no key to anybody.
 */
export function createFindTenant(config: Config, developmentKeySha256: string | undefined): FindTenant {
  const tenants = new Map<string, TenantId>();
  for (const [tenant, { api_key_sha256: hashes }] of Object.entries(config.tenants)) {
    for (const sha256 of hashes) tenants.set(sha256, tenant as TenantId);
  }
  if (developmentKeySha256 !== undefined && tenants.size === 0) {
    tenants.set(developmentKeySha256, DEFAULT_TENANT_ID);
  }
  return (apiKey) => tenants.get(hash('sha256', apiKey));
}
