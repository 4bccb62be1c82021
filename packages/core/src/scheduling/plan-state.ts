import type { BackendId, TenantId } from '../id/name.ts';
import type { JobId } from '../id/id.ts';
import { type BackendLoad, openLoad } from './backend-load.ts';
import { type Forecasts, openForecasts } from './forecast/forecasts.ts';
import { joiningOf, type Pool } from './forecast/pool.ts';
import { openLeastServed } from './least-served.ts';
import { hasRoom, type ModelGroup } from './model-group.ts';
import { toContender } from './order/contender.ts';
import type { Contender } from './order/order-rule.ts';
import { type Displacement, openDisplacement } from './overflow/displacement.ts';
import type { Assignment, Hold, Promotion } from './plan-result.ts';
import type { BudgetView, JobView, LaneView, Snapshot } from './snapshot.ts';

/** A plan in the making: what it has decided, and what that leaves of room, money and turns. */
export interface PlanState {
  readonly snapshot: Snapshot;
  readonly forecasts: Forecasts;
  readonly displacement: Displacement;
  readonly loads: ReadonlyMap<BackendId, BackendLoad>;
  readonly assignments: Assignment[];
  readonly holds: Hold[];
  readonly rejections: Hold[];
  readonly promotions: Promotion[];
  /** Jobs this plan has dealt with. */
  readonly considered: Set<JobId>;
  budgets: readonly BudgetView[];
  rank: number;
  readonly groupOf: (lane: LaneView) => ModelGroup;
  readonly groups: () => Iterable<ModelGroup>;
  /** A job as it stands in line now. */
  readonly contenderOf: (lane: LaneView, job: JobView) => Contender;
  /** A tenant's counter, this plan's charges included. */
  readonly virtualTokensOf: (tenantId: TenantId) => number;
  readonly charge: (tenantId: TenantId, virtualTokens: number) => void;
  /** Work that this plan has taken from the front of a pool's queue, in ms of one backend. */
  readonly relievedMs: (pool: Pool) => number;
  readonly relieve: (pool: Pool, workMs: number) => void;
}

export function openPlanState(snapshot: Snapshot): PlanState {
  const { policy, tenants } = snapshot;
  const forecasts = openForecasts(snapshot);
  const loads = new Map(snapshot.backends.map((backend) => [backend.id, openLoad(backend, policy)]));
  const groups = openGroups(snapshot, forecasts, [...loads.values()]);
  const charged = new Map<TenantId, number>();
  const leastServed = openLeastServed(snapshot);
  const relieved = new Map<Pool, number>();
  const virtualTokensOf = (tenantId: TenantId): number =>
    charged.get(tenantId) ?? tenants.get(tenantId)?.virtualTokens ?? 0;
  return {
    snapshot,
    forecasts,
    displacement: openDisplacement(snapshot, forecasts),
    loads,
    assignments: [],
    holds: [],
    rejections: [],
    promotions: [],
    considered: new Set(),
    budgets: snapshot.budgets,
    rank: 0,
    groupOf: ({ modelGroup }) => groups.get(modelGroup) as ModelGroup,
    groups: () => groups.values(),
    contenderOf: (lane, job) =>
      toContender(
        lane,
        job,
        virtualTokensOf(lane.tenantId),
        snapshot.nowMs,
        policy,
        forecasts.shortestMs(lane, job),
        virtualTokensOf(lane.tenantId) <=
          leastServed.besides(lane.tenantId, lane.jobClass) + policy.shareTolerance,
      ),
    virtualTokensOf,
    charge: (tenantId, virtualTokens) => {
      charged.set(tenantId, virtualTokensOf(tenantId) + virtualTokens);
    },
    relievedMs: (pool) => relieved.get(pool) ?? 0,
    relieve: (pool, workMs) => {
      relieved.set(pool, (relieved.get(pool) ?? 0) + workMs);
    },
  };
}

function openGroups(
  { lanes, modelGroups, overflowing, nowMs }: Snapshot,
  forecasts: Forecasts,
  loads: readonly BackendLoad[],
): ReadonlyMap<string, ModelGroup> {
  const depths = new Map<string, number>();
  for (const { modelGroup, depth } of lanes) depths.set(modelGroup, (depths.get(modelGroup) ?? 0) + depth);
  const groups = new Map<string, ModelGroup>();
  for (const [name, depth] of depths) {
    const models = modelGroups.get(name) ?? [];
    const pool = forecasts.poolOf(name);
    const serving = loads.filter((load) => models.some((model) => load.models.includes(model)));
    const local = serving.filter(({ location }) => location === 'local');
    const cloud = serving.filter(({ location }) => location === 'cloud');
    groups.set(name, {
      name,
      models,
      pool,
      local,
      cloud,
      others: loads.filter((load) => !serving.includes(load)),
      leastJoulesPerToken: Math.min(...local.map(({ energy }) => energy?.joulesPerToken ?? Infinity)),
      joining: joiningOf(pool, forecasts.lengths.predict('*', name, '*', Infinity).mean),
      depth,
      sinceMs: overflowing.get(name),
      refusedTokens: Infinity,
      localHasRoom: local.some((load) => hasRoom(load, nowMs)),
      cloudHasRoom: cloud.some((load) => hasRoom(load, nowMs)),
    });
  }
  return groups;
}
