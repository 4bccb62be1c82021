import type { EpochMs } from '../time.ts';
import { assign } from './assign.ts';
import type { BackendLoad } from './backend-load.ts';
import { choose } from './choose.ts';
import { evaluate, offersHope } from './evaluate.ts';
import { contextOf } from './explain.ts';
import type { Candidate, Scored } from './explanation.ts';
import { isForWantOfRoom, isOfJobOnly, isUnservable, reasonsOf } from './held-reasons.ts';
import { keepRoom } from './keep-room.ts';
import { kvTokens } from './kv-tokens.ts';
import { LazyHold } from './lazy-hold.ts';
import type { Contender } from './order/order-rule.ts';
import { decideDepth } from './overflow/decide-depth.ts';
import { decideOverflow } from './overflow/decide-overflow.ts';
import { NOT_ASKED, type OverflowState } from './overflow/overflow-state.ts';
import type { Hold } from './plan-result.ts';
import type { PlanState } from './plan-state.ts';

/** What became of a job. `blocked`: nobody behind it in its lane fares better now. */
export type Placement =
  | { readonly kind: 'assigned' }
  | { readonly kind: 'rejected'; readonly hold: Hold }
  | { readonly kind: 'held'; readonly hold: Hold; readonly blocked: boolean };

/**
 * Decides one job: local hardware that has room; the cloud where overflow lets it go there and it would be ready
 * sooner; else it is held. What it takes is taken from the state.
 *
 * @param before jobs of its lane, as the snapshot has it, in front of it
 * @param reach what it may be given: a job that is not the first of its lane must not take local room from those before
 */
export function placeJob(
  state: PlanState,
  contender: Contender,
  before: number,
  reach: 'anywhere' | 'cloud',
): Placement {
  const { lane, job } = contender;
  const { snapshot } = state;
  const { nowMs, policy } = snapshot;
  const group = state.groupOf(lane);
  state.rank += 1;
  state.considered.add(job.id);
  if (contender.competesAs !== lane.jobClass)
    state.promotions.push({ job, lane, from: lane.jobClass, to: contender.competesAs });

  const { competesAs } = contender;
  const output = state.forecasts.lengths.predict(lane.tenantId, lane.modelGroup, job.task, job.outputTokens);
  const tokens = kvTokens(job, output);
  // A pinned interactive job may go where others may not: see filters/pinned-guard.ts.
  const isGuarded = lane.pinned && lane.jobClass === 'interactive';
  const mayFit = isGuarded || contender.aged || tokens < group.refusedTokens;
  const looksLocal = reach === 'anywhere' && group.localHasRoom && mayFit;
  const strict = looksLocal
    ? evaluate(job, group.local, contextOf(state, contender, output, NOT_ASKED))
    : NONE;
  const strictLocal = looksLocal ? choose(strict, state.loads, policy, job.inputTokens) : undefined;
  const localFinishAtMs =
    strictLocal?.prediction.finishAtMs ??
    nowMs + state.forecasts.localMs(lane, job, before, competesAs, state.relievedMs(group.pool));

  group.sinceMs = decideDepth(group.depth, group.sinceMs, policy.overflow, nowMs);
  const overflow = decideOverflow(job, lane, {
    nowMs,
    policy,
    pool: group.pool,
    models: group.models,
    depth: group.depth,
    sinceMs: group.sinceMs,
    localFinishAtMs,
    displaced: !lane.pinned && state.displacement.asks(group.pool, competesAs),
  });
  const looksAway = overflow.open && group.cloudHasRoom && !lane.pinned;
  const strictCloud = looksAway
    ? evaluate(job, group.cloud, contextOf(state, contender, output, overflow))
    : NONE;
  // Failed attempts have excluded every backend that could otherwise take the job: the same again is better than none.
  const isLast = job.excluded.length > 0 && !offersHope(strict) && !offersHope(strictCloud);
  const lifted = (backends: readonly BackendLoad[]): readonly Candidate[] =>
    evaluate(job, backends, contextOf(state, contender, output, overflow), 'lifted');
  const local = isLast && looksLocal ? lifted(group.local) : strict;
  const noLocal = looksLocal || group.local.length === 0;
  const cloud = isLast && looksAway && noLocal ? lifted(group.cloud) : strictCloud;
  const bestLocal = isLast ? choose(local, state.loads, policy, job.inputTokens) : strictLocal;
  const bestCloud = looksAway ? choose(cloud, state.loads, policy, job.inputTokens) : undefined;
  const chosen = decidePlace(bestLocal, bestCloud, localFinishAtMs, overflow, state, contender);

  const explainer = {
    state,
    contender,
    group,
    output,
    overflow,
    localFinishAtMs,
    local,
    cloud,
    rank: state.rank,
  };
  if (chosen !== undefined) {
    assign(explainer, chosen);
    return { kind: 'assigned' };
  }
  if (!looksLocal && !looksAway)
    return { kind: 'held', hold: new LazyHold(explainer, 'NO_ROOM'), blocked: true };
  const known = [...local, ...cloud];
  const hold = new LazyHold(explainer, reasonsOf(known));
  if (isUnservable(known, hold)) return { kind: 'rejected', hold };
  if (!isGuarded && local.length > 0 && local.every(isForWantOfRoom))
    group.refusedTokens = Math.min(group.refusedTokens, tokens);
  keepRoom(state, contender.job, local);
  return { kind: 'held', hold, blocked: !known.some(isOfJobOnly) };
}

const NONE: readonly Candidate[] = [];

/** Local hardware with room, unless only the cloud would be in time; the cloud, if it is open and sooner. */
function decidePlace(
  local: Scored | undefined,
  cloud: Scored | undefined,
  localFinishAtMs: EpochMs,
  { trigger }: OverflowState,
  { snapshot: { policy }, loads }: PlanState,
  { job }: Contender,
): Scored | undefined {
  if (cloud === undefined) return local;
  if (policy.strategies[job.strategy].cloud === 'open')
    return choose(local === undefined ? [cloud] : [local, cloud], loads, policy, job.inputTokens);
  if (trigger === 'displaced') return cloud.prediction.finishAtMs <= job.deadlineAtMs ? cloud : local;
  if (local !== undefined) {
    const onlyCloudInTime =
      trigger === 'slack' &&
      local.prediction.finishAtMs > job.deadlineAtMs &&
      cloud.prediction.finishAtMs <= job.deadlineAtMs;
    return onlyCloudInTime ? cloud : local;
  }
  // By slack, the cloud must be worth its money; what opened it otherwise does not compare.
  return trigger === 'slack' && cloud.prediction.finishAtMs >= localFinishAtMs ? undefined : cloud;
}
