import {
  type BackendView,
  DEFAULT_POLICY,
  type EpochMs,
  type FreshJob,
  type JobId,
  type JobView,
  type LaneView,
  type Snapshot,
} from '@spillway/core';
import { isBefore, type Order } from './order.ts';
import { type OverflowRule, overflowsSince } from './overflow-rule.ts';
import type { Placement } from './placement.ts';
import type { Decided, Decider, Decision, Policy, World } from './policy.ts';
import { RequestCap } from './request-cap.ts';
import { type Admission, openRoom, type Room } from './room.ts';
import type { ServiceCounters } from './service-counters.ts';

/** A policy put together from the parts that published ones are made of. */
export interface BaselineSpec {
  readonly name: string;
  readonly binding: Policy['binding'];
  readonly laneOrder?: Policy['laneOrder'];
  readonly tenancy?: Policy['tenancy'];
  readonly admission?: Admission;
  readonly overflow?: OverflowRule;
  /** Requests of a tenant in a minute; those above it are refused. */
  readonly requestsPerMinute?: number;
  open(world: World): {
    readonly order: Order;
    readonly placement: Placement;
    readonly counters?: ServiceCounters;
  };
}

export const baseline = (spec: BaselineSpec): Policy => ({
  name: spec.name,
  binding: spec.binding,
  laneOrder: spec.laneOrder ?? 'arrival',
  tenancy: spec.tenancy ?? 'tenant',
  sees: 'every-arrival',
  scheduling: DEFAULT_POLICY,
  open: (world) => openBaseline(spec, world),
});

function openBaseline(spec: BaselineSpec, world: World): Decider {
  const { order, placement, counters } = spec.open(world);
  const cap = spec.requestsPerMinute === undefined ? undefined : new RequestCap(spec.requestsPerMinute);
  return {
    arrive: (tenantId) => counters?.arrive(tenantId),
    settle: (tenantId, jobId, outputTokens) => counters?.settle(tenantId, jobId, outputTokens),
    decide: (snapshot) => {
      counters?.look(snapshot.backends.map(({ id }) => id));
      const round = openRound(snapshot, openRoom(world, spec.admission ?? 'slots'));
      if (cap !== undefined) refuse(round, cap);
      const overflowing = spec.overflow === undefined ? NOWHERE : overflow(round, spec.overflow, placement);
      // Routers that bind at arrival look at their backends anew for each job.
      dispatch(round, order, placement, spec.binding === 'arrival' ? 1 : Number.POSITIVE_INFINITY);
      const { assignments, rejections } = round;
      const looked = snapshot.fresh.map(({ job }) => job.id);
      return {
        assignments,
        rejections,
        overflowing,
        looked,
        unfinished: spec.binding === 'arrival' || hasMore(round),
      };
    },
  };
}

const NOWHERE: ReadonlyMap<string, EpochMs> = new Map();

interface Round {
  readonly snapshot: Snapshot;
  readonly lanes: ReadonlyMap<string, LaneView>;
  readonly room: Room;
  readonly gone: Set<JobId>;
  readonly assignments: Decided[];
  readonly rejections: Decision['rejections'][number][];
}

const openRound = (snapshot: Snapshot, room: Room): Round => ({
  snapshot,
  lanes: new Map(snapshot.lanes.map((lane) => [lane.key, lane])),
  room,
  gone: new Set(),
  assignments: [],
  rejections: [],
});

function refuse({ snapshot, lanes, gone, rejections }: Round, cap: RequestCap): void {
  for (const { job, laneKey } of snapshot.fresh) {
    const lane = lanes.get(laneKey);
    if (lane === undefined || cap.allows(lane.tenantId, job.submittedAtMs)) continue;
    gone.add(job.id);
    rejections.push({ job });
  }
}

/** Jobs that come while their model group overflows go to the cloud, pinned ones excepted; those that wait, wait on. */
function overflow(round: Round, rule: OverflowRule, placement: Placement): ReadonlyMap<string, EpochMs> {
  const { snapshot, lanes, gone } = round;
  const arrivals = new Map<string, FreshJob[]>();
  const waiting = new Map<string, number>();
  for (const { modelGroup, depth } of snapshot.lanes)
    waiting.set(modelGroup, (waiting.get(modelGroup) ?? 0) + depth);
  for (const fresh of snapshot.fresh) {
    const group = lanes.get(fresh.laneKey)?.modelGroup;
    if (group === undefined || gone.has(fresh.job.id)) continue;
    arrivals.set(group, [...(arrivals.get(group) ?? []), fresh]);
  }
  const overflowing = new Map<string, EpochMs>();
  for (const group of new Set([...waiting.keys(), ...snapshot.overflowing.keys()])) {
    const came = arrivals.get(group) ?? [];
    let since = snapshot.overflowing.get(group);
    let depth = (waiting.get(group) ?? 0) - came.length;
    since = overflowsSince(rule, depth, since, snapshot.nowMs);
    for (const { job, laneKey } of came) {
      const lane = lanes.get(laneKey);
      since = overflowsSince(rule, depth + 1, since, snapshot.nowMs);
      const goes =
        since !== undefined && lane?.pinned === false && give(round, lane, job, 'cloud', placement);
      if (!goes) depth += 1;
    }
    if (since !== undefined) overflowing.set(group, since);
  }
  return overflowing;
}

/** Gives local backends what they have room for, in order; the first job that finds none holds up its model group. */
function dispatch(round: Round, order: Order, placement: Placement, most: number): void {
  const { snapshot, gone } = round;
  const next = new Map(snapshot.lanes.map((lane) => [lane, 0]));
  const full = new Set<string>();
  for (let given = 0; given < most; given += 1) {
    let turn: { readonly lane: LaneView; readonly job: JobView; readonly key: readonly number[] } | undefined;
    for (const lane of snapshot.lanes) {
      if (full.has(lane.modelGroup)) continue;
      let index = next.get(lane) ?? 0;
      while (index < lane.head.length && gone.has(lane.head[index]?.id as JobId)) index += 1;
      next.set(lane, index);
      const job = lane.head[index];
      if (job === undefined) continue;
      const key = order.key(lane, job);
      if (turn === undefined || isBefore(key, turn.key)) turn = { lane, job, key };
    }
    if (turn === undefined) return;
    const { lane, job } = turn;
    if (give(round, lane, job, 'local', placement)) order.dispatched?.(lane, job);
    else full.add(lane.modelGroup);
  }
}

/** A lane whose whole head was given away may have more behind it. */
const hasMore = ({ snapshot, gone }: Round): boolean =>
  snapshot.lanes.some(({ depth, head }) => depth > head.length && head.every(({ id }) => gone.has(id)));

function give(
  { snapshot, room, gone, assignments }: Round,
  lane: LaneView,
  job: JobView,
  location: BackendView['location'],
  placement: Placement,
): boolean {
  const models = snapshot.modelGroups.get(lane.modelGroup) ?? [];
  const candidates = snapshot.backends
    .filter(
      (backend) =>
        backend.location === location &&
        backend.coolingUntilMs <= snapshot.nowMs &&
        models.some((model) => backend.models.includes(model)) &&
        room.hasFor(backend, job),
    )
    .map((backend) => room.withTaken(backend));
  if (candidates.length === 0) return false;
  const backend = placement.choose(job, candidates, snapshot);
  if (backend === undefined) return false;
  room.take(backend, job);
  gone.add(job.id);
  const charge = { virtualTokens: 0, weight: 1, reservedTokens: job.inputTokens, reservedUsd: 0 };
  assignments.push({ job, backendId: backend.id, ...charge });
  return true;
}
