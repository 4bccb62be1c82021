import {
  type Config,
  DEFAULT_TENANT,
  isLocalBackend,
  modelGroups,
  schedulingPolicy,
} from '@spillway/contracts';
import {
  type BackendHealth,
  type BackendId,
  type BackendView,
  ENDPOINTS,
  type EpochMs,
  type PrefixLookup,
  type Snapshot,
  type TenantId,
  type TenantView,
} from '@spillway/core';
import { type BackendState, SILENT_IS_DEAD_MS, type StoreSnapshot } from '@spillway/redis';

/** What a planner knows beside the store and the configuration. */
export interface PlannerView {
  /** Since when it has been looking, by the store's clock. */
  readonly sinceMs: EpochMs;
  readonly prefixes: PrefixLookup;
  /** Until when an engine computes the prompts it was given; without it, nobody has kept count. */
  prefillBusyUntilMs?(this: void, backendId: BackendId): EpochMs | undefined;
}

/**
 * The plan's view of the world: the store's state seen through the running configuration. Backends that are not
 * configured (any more) are left out; local ones that have not been heard of yet are in it, as down since `sinceMs`,
 * so that a worker that is still starting does not look like a model without local backends.
 */
export function buildSnapshot(store: StoreSnapshot, config: Config, view: PlannerView): Snapshot {
  const { nowMs, lanes, fresh, outputLengths, overflowing } = store;
  const heard = new Map(store.backends.map((backend) => [backend.id, backend]));
  return {
    nowMs,
    backends: Object.entries(config.backends)
      .map(([name, configured]): BackendView | undefined => {
        const id = name as BackendId;
        const state = heard.get(id);
        if (state !== undefined) return viewOf(state, nowMs, view.prefillBusyUntilMs?.(id));
        return isLocalBackend(configured)
          ? unheardOf(id, Object.keys(configured.models), nowMs - view.sinceMs)
          : undefined;
      })
      .filter((backend) => backend !== undefined)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    lanes,
    fresh,
    tenants: tenantsOf(store, config),
    modelGroups: modelGroups(config),
    outputLengths,
    prefixes: view.prefixes,
    budgets: [],
    overflowing,
    policy: schedulingPolicy(config),
  };
}

function viewOf(state: BackendState, nowMs: EpochMs, prefillBusyUntilMs: EpochMs | undefined): BackendView {
  const { id, descriptor, slots, held, heldTokens, suspects, coolingUntilMs, pinnedDue } = state;
  const { location, models, endpoints, contextTokens, kvCapacityTokens, price } = descriptor;
  const { profile, latency, reliability, energy, telemetryAgeMs, rateLimit } = descriptor;
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
    ...(pinnedDue !== undefined && { pinnedDue }),
    ...(prefillBusyUntilMs !== undefined && { prefillBusyUntilMs }),
    ...(contextTokens !== undefined && { contextTokens }),
    ...(kvCapacityTokens !== undefined && { kvCapacityTokens }),
    ...(price !== undefined && { price }),
    ...(profile !== undefined && { profile }),
    ...(latency !== undefined && { latency }),
    ...(reliability !== undefined && { reliability }),
    ...(energy !== undefined && { energy }),
    ...(rateLimit !== undefined && { rateLimit }),
    // A worker that is silent has not read its engine since.
    ...(telemetryAgeMs !== undefined && { telemetryAgeMs: telemetryAgeMs + silenceOf(state, nowMs) }),
  };
}

const silenceOf = ({ heardAtMs }: BackendState, nowMs: EpochMs): number => Math.max(0, nowMs - heardAtMs);

function healthOf(state: BackendState, nowMs: EpochMs): BackendHealth {
  const silentMs = silenceOf(state, nowMs);
  if (silentMs > SILENT_IS_DEAD_MS) {
    return { kind: 'down', forMs: silentMs, because: 'no worker has been heard of' };
  }
  const { down } = state.descriptor;
  return down === undefined
    ? { kind: 'up' }
    : { kind: 'down', forMs: down.forMs + silentMs, because: down.because };
}

const unheardOf = (id: BackendId, models: readonly string[], forMs: number): BackendView => ({
  id,
  location: 'local',
  models,
  endpoints: ENDPOINTS,
  health: { kind: 'down', forMs, because: 'its worker has not been heard of yet' },
  slots: 0,
  held: 0,
  heldTokens: 0,
  suspects: 0,
  coolingUntilMs: 0,
});

function tenantsOf(
  { lanes, backends, virtualTokens }: StoreSnapshot,
  config: Config,
): ReadonlyMap<TenantId, TenantView> {
  const tenants = new Map<TenantId, TenantView>();
  const pinned = backends.flatMap(({ pinnedDue }) => (pinnedDue === undefined ? [] : [pinnedDue]));
  for (const { tenantId } of [...lanes, ...pinned]) {
    const { weight } = config.tenants[tenantId] ?? DEFAULT_TENANT;
    tenants.set(tenantId, { weight, virtualTokens: virtualTokens.get(tenantId) ?? 0 });
  }
  return tenants;
}
