import { type Config, DEFAULT_TENANT, isLocalBackend, modelGroups } from '@spillway/contracts';
import {
  type BackendHealth,
  type BackendId,
  type BackendView,
  DEFAULT_POLICY,
  type EpochMs,
  type SchedulingPolicy,
  type Snapshot,
  type TenantId,
  type TenantView,
} from '@spillway/core';
import { type BackendState, SILENT_IS_DEAD_MS, type StoreSnapshot } from '@spillway/redis';

/**
 * The plan's view of the world: the store's state seen through the running configuration. Backends that are not
 * configured (any more) are left out; local ones that have not been heard of yet are in it, as down since `sinceMs`,
 * so that a worker that is still starting does not look like a model without local backends.
 */
export function buildSnapshot(store: StoreSnapshot, config: Config, sinceMs: EpochMs): Snapshot {
  const heard = new Map(store.backends.map((backend) => [backend.id, backend]));
  return {
    nowMs: store.nowMs,
    backends: Object.entries(config.backends)
      .map(([name, configured]): BackendView | undefined => {
        const id = name as BackendId;
        const state = heard.get(id);
        if (state !== undefined) return viewOf(state, store.nowMs);
        return isLocalBackend(configured)
          ? unheardOf(id, Object.keys(configured.models), store.nowMs - sinceMs)
          : undefined;
      })
      .filter((backend) => backend !== undefined)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    lanes: store.lanes,
    tenants: tenantsOf(store, config),
    modelGroups: modelGroups(config),
    overflowing: store.overflowing,
    policy: policyOf(config),
  };
}

function viewOf(state: BackendState, nowMs: EpochMs): BackendView {
  const { id, descriptor, slots, held, heldTokens, suspects, coolingUntilMs } = state;
  const { location, models, endpoints, contextTokens, kvCapacityTokens, price } = descriptor;
  return {
    id,
    location,
    models,
    endpoints,
    health: healthOf(state, nowMs),
    slots,
    held,
    heldTokens,
    suspects,
    coolingUntilMs,
    ...(contextTokens !== undefined && { contextTokens }),
    ...(kvCapacityTokens !== undefined && { kvCapacityTokens }),
    ...(price !== undefined && { price }),
  };
}

function healthOf({ descriptor, heardAtMs }: BackendState, nowMs: EpochMs): BackendHealth {
  const silentMs = nowMs - heardAtMs;
  if (silentMs > SILENT_IS_DEAD_MS) {
    return { kind: 'down', forMs: silentMs, because: 'no worker has been heard of' };
  }
  const { down } = descriptor;
  return down === undefined
    ? { kind: 'up' }
    : { kind: 'down', forMs: down.forMs + silentMs, because: down.because };
}

const unheardOf = (id: BackendId, models: readonly string[], forMs: number): BackendView => ({
  id,
  location: 'local',
  models,
  endpoints: [],
  health: { kind: 'down', forMs, because: 'its worker has not been heard of yet' },
  slots: 0,
  held: 0,
  heldTokens: 0,
  suspects: 0,
  coolingUntilMs: 0,
});

function tenantsOf(store: StoreSnapshot, config: Config): ReadonlyMap<TenantId, TenantView> {
  const tenants = new Map<TenantId, TenantView>();
  for (const { tenantId } of store.lanes) {
    const { weight } = config.tenants[tenantId] ?? DEFAULT_TENANT;
    tenants.set(tenantId, { weight, virtualTokens: store.virtualTokens.get(tenantId) ?? 0 });
  }
  return tenants;
}

function policyOf(config: Config): SchedulingPolicy {
  const { mode, depth } = config.routing.overflow;
  return { ...DEFAULT_POLICY, overflow: { ...DEFAULT_POLICY.overflow, mode, ...depth } };
}
