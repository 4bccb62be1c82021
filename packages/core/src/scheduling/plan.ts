import { virtualTokens } from '../fairness/virtual-tokens.ts';
import type { BackendLocation } from '../backend/inference-backend.ts';
import type { BackendId, TenantId } from '../id/name.ts';
import { withJob } from './capacity.ts';
import { evaluate } from './evaluate.ts';
import { type Candidate, type Explanation, whyAssigned, whyHeld } from './explanation.ts';
import type { FilterCode } from './filters/filter.ts';
import { afterHold, type LaneCursor, nextTurn } from './lane-cursor.ts';
import { type ModelGroup, openModelGroup, overflowingOf } from './model-group.ts';
import { overflowOf } from './overflow.ts';
import type { JobView, LaneView, Snapshot } from './snapshot.ts';

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
  /** Jobs considered and kept: of those a lane holds for the same reasons, the first. */
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
  const { nowMs, policy, tenants } = snapshot;
  const assignments: Assignment[] = [];
  const holds: Hold[] = [];
  const rejections: Hold[] = [];
  const { cursors, groups } = openLanes(snapshot);
  let backends = snapshot.backends;
  const charged = new Map<TenantId, number>();
  const tenantTokens = (tenantId: TenantId): number =>
    charged.get(tenantId) ?? tenants.get(tenantId)?.virtualTokens ?? 0;

  for (let rank = 1; ; rank += 1) {
    const turn = nextTurn(cursors, tenantTokens);
    if (turn === undefined) break;
    const { cursor, contender } = turn;
    const { lane, group } = cursor;
    const { job } = contender;
    const overflow = overflowOf(job, lane, group, policy);
    const { candidates, chosen } = evaluate(job, backends, {
      nowMs,
      policy,
      lane,
      models: group.models,
      overflow,
    });
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
      const charge = virtualTokens(
        job.inputTokens,
        job.outputTokens,
        tenants.get(lane.tenantId)?.weight ?? 1,
      );
      const explanation = explain(whyAssigned(chosen, candidates, overflow));
      assignments.push({ job, lane, backendId, location, model, virtualTokens: charge, explanation });
      backends = backends.map((backend) =>
        backend.id === backendId ? withJob(backend, job, policy) : backend,
      );
      charged.set(lane.tenantId, contender.virtualTokens + charge);
      group.depth -= 1;
      group.overflowing = overflow.overflowing;
      cursor.next += 1;
    } else if (isUnservable(candidates)) {
      rejections.push({ job, lane, explanation: explain(whyHeld(candidates)) });
      group.depth -= 1;
      cursor.next += 1;
    } else {
      const reasons = codesOf(candidates).join();
      if (!cursor.heldFor.has(reasons)) holds.push({ job, lane, explanation: explain(whyHeld(candidates)) });
      cursor.heldFor.add(reasons);
      cursor.next = afterHold(cursor, candidates, snapshot);
    }
  }
  return { assignments, holds, rejections, overflowing: overflowingOf(groups, snapshot) };
}

function openLanes(snapshot: Snapshot): {
  readonly cursors: readonly LaneCursor[];
  readonly groups: ReadonlyMap<string, ModelGroup>;
} {
  const groups = new Map<string, ModelGroup>();
  const cursors = snapshot.lanes.map((lane): LaneCursor => {
    const group = groups.get(lane.modelGroup) ?? openModelGroup(lane.modelGroup, snapshot);
    group.depth += lane.depth;
    groups.set(lane.modelGroup, group);
    return { lane, group, next: 0, heldFor: new Set() };
  });
  return { cursors, groups };
}

const codesOf = (candidates: readonly Candidate[]): readonly FilterCode[] =>
  candidates.filter((candidate) => candidate.kind === 'refused').map(({ code }) => code);

/** Refusals that no wait will change. */
const LASTING: ReadonlySet<FilterCode> = new Set(['CAPABILITY', 'STRATEGY', 'PRIVACY_PIN', 'CONTEXT_FIT']);

/** Every backend that might have run the job finds it too long. Without one, the job waits for one to come. */
function isUnservable(candidates: readonly Candidate[]): boolean {
  const codes = codesOf(candidates);
  return codes.includes('CONTEXT_FIT') && codes.every((code) => LASTING.has(code));
}
