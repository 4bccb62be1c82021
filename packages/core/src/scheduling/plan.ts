import { virtualTokens } from '../fairness/virtual-tokens.ts';
import type { BackendLocation } from '../backend/inference-backend.ts';
import type { BackendId, TenantId } from '../id/name.ts';
import { addTo, type Holding, holdingOf } from './capacity.ts';
import { evaluate } from './evaluate.ts';
import { type Candidate, type Explanation, whyAssigned, whyHeld } from './explanation.ts';
import { compareContenders } from './order/order.ts';
import type { Contender } from './order/order-rule.ts';
import { decideOverflow } from './overflow.ts';
import type { BackendView, JobView, LaneView, Snapshot } from './snapshot.ts';

export interface Assignment {
  readonly job: JobView;
  readonly lane: LaneView;
  readonly backendId: BackendId;
  readonly location: BackendLocation;
  /** The name clients use for the model it will run. */
  readonly model: string;
  /** What the job's tenant is charged at commit. */
  readonly virtualTokens: number;
  readonly explanation: Explanation;
}

export interface Hold {
  readonly job: JobView;
  readonly lane: LaneView;
  readonly explanation: Explanation;
}

export interface Plan {
  readonly assignments: readonly Assignment[];
  /** Jobs considered and kept. A lane held as a whole is here with its first job. */
  readonly holds: readonly Hold[];
  /** Jobs no configured backend could ever run. */
  readonly rejections: readonly Hold[];
  /** Model groups that overflow from now on. */
  readonly overflowing: ReadonlySet<string>;
}

/**
 * The decision: which ready job goes to which backend now, which waits, and why. Pure and deterministic; production,
 * the explanation of a job and every simulation call this one function.
 */
export function plan(snapshot: Snapshot): Plan {
  const assignments: Assignment[] = [];
  const holds: Hold[] = [];
  const rejections: Hold[] = [];
  const groups = openGroups(snapshot);
  const holdings = new Map<BackendId, Holding>(
    snapshot.backends.map((backend) => [backend.id, holdingOf(backend)]),
  );
  const charged = new Map<TenantId, number>();
  const cursors: Cursor[] = snapshot.lanes.map((lane) => ({ lane, next: 0 }));
  const tenantTokens = (tenantId: TenantId): number =>
    charged.get(tenantId) ?? snapshot.tenants.get(tenantId)?.virtualTokens ?? 0;

  for (let rank = 1; ; rank += 1) {
    const turn = nextTurn(cursors, tenantTokens);
    if (turn === undefined) break;
    const { cursor, contender } = turn;
    const { lane, job } = contender;
    const group = groups.get(lane.modelGroup) ?? openGroup(snapshot, lane.modelGroup);
    const overflow = decideOverflow(group.depth, group.overflowing, group.local, snapshot.policy);
    const { candidates, chosen } = evaluate(
      job,
      snapshot.backends,
      (backend) => holdings.get(backend.id) ?? holdingOf(backend),
      { nowMs: snapshot.nowMs, policy: snapshot.policy, lane, models: group.models, overflow },
    );
    const explain = (why: string): Explanation => ({
      rank,
      tenantVirtualTokens: contender.virtualTokens,
      depth: group.depth,
      overflowing: overflow.overflowing,
      trigger: overflow.trigger,
      candidates,
      why,
    });

    if (chosen !== undefined) {
      const { backendId, location, model } = chosen;
      const weight = snapshot.tenants.get(lane.tenantId)?.weight ?? 1;
      const charge = virtualTokens(job.inputTokens, job.outputTokens, weight);
      const explanation = explain(whyAssigned(chosen, candidates, overflow));
      assignments.push({ job, lane, backendId, location, model, virtualTokens: charge, explanation });
      holdings.set(backendId, addTo(holdings.get(backendId) ?? { held: 0, heldTokens: 0 }, job));
      charged.set(lane.tenantId, contender.virtualTokens + charge);
      groups.set(lane.modelGroup, { ...group, depth: group.depth - 1, overflowing: overflow.overflowing });
      cursor.next += 1;
      continue;
    }
    const verdict = isUnservable(candidates) ? rejections : holds;
    verdict.push({ job, lane, explanation: explain(whyHeld(candidates)) });
    cursor.next = mayPass(candidates) ? cursor.next + 1 : lane.head.length;
  }
  return { assignments, holds, rejections, overflowing: overflowingAfter(groups, snapshot) };
}

interface Cursor {
  readonly lane: LaneView;
  next: number;
}

interface Group {
  readonly models: readonly string[];
  /** Jobs of the group still waiting, as the plan goes on. */
  readonly depth: number;
  readonly overflowing: boolean;
  readonly local: readonly BackendView[];
}

function openGroups(snapshot: Snapshot): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const { modelGroup, depth } of snapshot.lanes) {
    const group = groups.get(modelGroup) ?? openGroup(snapshot, modelGroup);
    groups.set(modelGroup, { ...group, depth: group.depth + depth });
  }
  return groups;
}

function openGroup(snapshot: Snapshot, modelGroup: string): Group {
  const models = snapshot.modelGroups.get(modelGroup) ?? [];
  const local = snapshot.backends.filter(
    (backend) => backend.location === 'local' && models.some((model) => backend.models.includes(model)),
  );
  return { models, depth: 0, overflowing: snapshot.overflowing.has(modelGroup), local };
}

function nextTurn(
  cursors: readonly Cursor[],
  tenantTokens: (tenantId: TenantId) => number,
): { readonly cursor: Cursor; readonly contender: Contender } | undefined {
  let first: { readonly cursor: Cursor; readonly contender: Contender } | undefined;
  for (const cursor of cursors) {
    const job: JobView | undefined = cursor.lane.head[cursor.next];
    if (job === undefined) continue;
    const contender = { lane: cursor.lane, job, virtualTokens: tenantTokens(cursor.lane.tenantId) };
    if (first === undefined || compareContenders(contender, first.contender) < 0)
      first = { cursor, contender };
  }
  return first;
}

/** Whether a later job of the lane may fare better than this one: some backend refused the job, not the lane. */
const mayPass = (candidates: readonly Candidate[]): boolean =>
  candidates.some((candidate) => candidate.kind === 'refused' && candidate.scope === 'job');

/** Every backend that serves the model and endpoint finds the job too long: no wait will change that. */
function isUnservable(candidates: readonly Candidate[]): boolean {
  const capable = candidates.filter(
    (candidate) => candidate.kind === 'refused' && candidate.code !== 'CAPABILITY',
  );
  return (
    capable.length > 0 &&
    capable.every((candidate) => candidate.kind === 'refused' && candidate.code === 'CONTEXT_FIT')
  );
}

function overflowingAfter(groups: ReadonlyMap<string, Group>, snapshot: Snapshot): ReadonlySet<string> {
  const overflowing = new Set<string>();
  for (const [name, group] of groups) {
    const state = decideOverflow(group.depth, group.overflowing, group.local, snapshot.policy);
    if (state.overflowing) overflowing.add(name);
  }
  return overflowing;
}
