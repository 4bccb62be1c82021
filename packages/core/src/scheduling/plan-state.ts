import type { BackendId, TenantId } from '../id/name.ts';
import { type BackendLoad, openLoad } from './backend-load.ts';
import { type Forecasts, openForecasts } from './forecast/forecasts.ts';
import { joiningOf, type Pool } from './forecast/pool.ts';
import { LaneCursor } from './lane-cursor.ts';
import type { LanePlace } from './lane-place.ts';
import { openLeastServed } from './least-served.ts';
import { hasRoom, type ModelGroup, replaceLoad } from './model-group.ts';
import { toContender } from './order/contender.ts';
import type { Contender } from './order/order-rule.ts';
import { decideDepth, depthBounds } from './overflow/decide-depth.ts';
import { type Displacement, openDisplacement } from './overflow/displacement.ts';
import type { Assignment, Hold, Promotion } from './plan-result.ts';
import { type LetGo, openRanks } from './ranks.ts';
import { RefusedRoom } from './refused-room.ts';
import type { BudgetView, JobView, LaneView, Snapshot } from './snapshot.ts';
import { openAccounts, type TenantAccount } from './tenant-account.ts';

/** A plan in the making: what it has decided, and what that leaves of room, money and turns. */
export interface PlanState {
  readonly snapshot: Snapshot;
  readonly forecasts: Forecasts;
  readonly displacement: Displacement;
  readonly loadOf: (backendId: BackendId) => BackendLoad;
  /** A backend is now so. */
  readonly replaceLoad: (now: BackendLoad) => void;
  readonly assignments: Assignment[];
  readonly holds: Hold[];
  readonly rejections: Hold[];
  readonly promotions: Promotion[];
  /** Jobs this plan has dealt with, each as it stood in line then: in turn, and out of turn. */
  readonly considered: Contender[];
  readonly letGo: LetGo[];
  budgets: readonly BudgetView[];
  readonly rankOf: (contender: Contender) => number;
  /** How far this plan has come in each lane. */
  readonly cursors: readonly LaneCursor[];
  readonly groupOf: (lane: LaneView) => ModelGroup;
  readonly groups: () => Iterable<ModelGroup>;
  readonly accountOf: (tenantId: TenantId) => TenantAccount;
  /** A job as it stands in line now. */
  readonly contenderOf: (place: LanePlace, job: JobView) => Contender;
  /** Work that this plan has taken from the front of a pool's queue, in ms of one backend. */
  readonly relievedMs: (pool: Pool) => number;
  readonly relieve: (pool: Pool, workMs: number) => void;
}

export function openPlanState(snapshot: Snapshot): PlanState {
  const { policy } = snapshot;
  const forecasts = openForecasts(snapshot);
  const loads = new Map(snapshot.backends.map((backend) => [backend.id, openLoad(backend, policy)]));
  const groups = openGroups(snapshot, forecasts, [...loads.values()]);
  const loadOf = (backendId: BackendId): BackendLoad => loads.get(backendId) as BackendLoad;
  const groupOf = ({ modelGroup }: LaneView): ModelGroup => groups.get(modelGroup) as ModelGroup;
  const accountOf = openAccounts(snapshot);
  const cursors = snapshot.lanes.map(
    (lane) => new LaneCursor(lane, groupOf(lane), accountOf(lane.tenantId), policy.groupRun),
  );
  const leastServed = openLeastServed(cursors);
  const considered: Contender[] = [];
  const letGo: LetGo[] = [];
  const relieved = new Map<Pool, number>();
  return {
    snapshot,
    forecasts,
    displacement: openDisplacement(snapshot, forecasts),
    loadOf,
    replaceLoad: (now) => {
      replaceLoad(groups.values(), loadOf(now.id), now, snapshot.nowMs);
      loads.set(now.id, now);
    },
    assignments: [],
    holds: [],
    rejections: [],
    promotions: [],
    considered,
    letGo,
    rankOf: openRanks(considered, letGo),
    budgets: snapshot.budgets,
    cursors,
    groupOf,
    groups: () => groups.values(),
    accountOf,
    contenderOf: ({ lane, group: { pool, shareTolerance }, account: { virtualTokens } }, job) => {
      const { tenantId, modelGroup, jobClass } = lane;
      const output = forecasts.lengths.predict(tenantId, modelGroup, job.task, job.outputTokens);
      const shortestMs = forecasts.shortestMs(pool, job, output);
      const entitled = virtualTokens <= leastServed.besides(tenantId, jobClass) + shareTolerance;
      return toContender(lane, job, { output, virtualTokens, shortestMs, entitled }, snapshot);
    },
    relievedMs: (pool) => relieved.get(pool) ?? 0,
    relieve: (pool, workMs) => {
      relieved.set(pool, (relieved.get(pool) ?? 0) + workMs);
    },
  };
}

function openGroups(
  { lanes, modelGroups, overflowing, nowMs, policy }: Snapshot,
  forecasts: Forecasts,
  loads: readonly BackendLoad[],
): ReadonlyMap<string, ModelGroup> {
  const groups = new Map<string, ModelGroup>();
  for (const { modelGroup: name, depth } of lanes) {
    const known = groups.get(name);
    if (known !== undefined) {
      known.depth += depth;
      continue;
    }
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
      mostSlots: Math.max(0, ...local.map(({ slots }) => slots)),
      shareTolerance: policy.shareTolerance * Math.max(1, pool.working),
      leastJoulesPerToken: Math.min(...local.map(({ energy }) => energy?.joulesPerToken ?? Infinity)),
      joining: joiningOf(pool, forecasts.lengths.predict('*', name, '*', Infinity).mean),
      depth,
      sinceMs: undefined,
      refused: new RefusedRoom(),
      isKept: false,
      localHasRoom: local.some((load) => hasRoom(load, nowMs)),
      cloudHasRoom: cloud.some((load) => hasRoom(load, nowMs)),
    });
  }
  for (const group of groups.values())
    group.sinceMs = decideDepth(
      group.depth,
      overflowing.get(group.name),
      depthBounds(policy.overflow, group.pool),
      nowMs,
    );
  return groups;
}
