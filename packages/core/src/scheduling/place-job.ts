import type { EpochMs } from '../time.ts';
import { assign } from './assign.ts';
import type { BackendLoad } from './backend-load.ts';
import { choose } from './choose.ts';
import { evaluate, offersHope } from './evaluate.ts';
import { contextOf } from './explain.ts';
import type { Candidate, Scored } from './explanation.ts';
import { isForWantOfRoom, isOfJobOnly, isUnservable, reasonsOf } from './held-reasons.ts';
import { keepRoom } from './keep-room.ts';
import { kvDeviation, kvTokens } from './kv-tokens.ts';
import { LazyHold } from './lazy-hold.ts';
import type { Contender } from './order/order-rule.ts';
import { momentOf, type Outlook, outlookOf } from './outlook.ts';
import { NOT_ASKED, type OverflowState } from './overflow/overflow-state.ts';
import type { Hold } from './plan-result.ts';
import type { PlanState } from './plan-state.ts';
import type { RoomNeed } from './refused-room.ts';

/** What became of a job. */
export type Placement =
  | { readonly kind: 'assigned' }
  | { readonly kind: 'rejected'; readonly hold: Hold }
  | HeldPlacement;

export interface HeldPlacement {
  readonly kind: 'held';
  readonly hold: Hold;
  /**
   * Whom the refusal keeps: `job`, this one alone; `lane`, those behind it, too; `closed`, the same, and it was not
   * necessary to look at any backend.
   */
  readonly keeps: 'job' | 'lane' | 'closed';
}

/** What a job may be given: one that is not the first of its lane must not take local room from those before. */
export type Reach = 'anywhere' | 'cloud';

/**
 * Decides one job: local hardware that has room; the cloud where overflow lets it go there and it would be ready
 * sooner; else it is held. What it takes is taken from the state.
 *
 * @param before jobs of its lane, as the snapshot has it, in front of it
 */
export function placeJob(state: PlanState, contender: Contender, before: number, reach: Reach): Placement {
  state.considered.push(contender);
  notePromotion(state, contender);
  const held = holdIfNothingIsOpen(state, contender, before, reach);
  if (held !== undefined) return held;
  const { lane, job } = contender;
  const { policy } = state.snapshot;
  const group = state.groupOf(lane);
  const looksLocal = mayRunLocally(state, contender, reach);
  const strict = looksLocal ? evaluate(job, group.local, contextOf(state, contender, NOT_ASKED)) : NONE;
  const strictLocal = looksLocal ? choose(strict, policy, job.inputTokens) : undefined;
  const outlook = outlookOf(state, contender, before, momentOf(state, group), strictLocal);
  const { overflow, localFinishAtMs } = outlook;
  const looksAway = overflow.open && mayLeave(state, contender);
  const strictCloud = looksAway ? evaluate(job, group.cloud, contextOf(state, contender, overflow)) : NONE;
  // Failed attempts have excluded every backend that could otherwise take the job: the same again is better than none.
  const isLast = job.excluded.length > 0 && !offersHope(strict) && !offersHope(strictCloud);
  const lifted = (backends: readonly BackendLoad[]): readonly Candidate[] =>
    evaluate(job, backends, contextOf(state, contender, overflow), 'lifted');
  const local = isLast && looksLocal ? lifted(group.local) : strict;
  const noLocal = looksLocal || group.local.length === 0;
  const cloud = isLast && looksAway && noLocal ? lifted(group.cloud) : strictCloud;
  const bestLocal = isLast ? choose(local, policy, job.inputTokens) : strictLocal;
  const bestCloud = looksAway ? choose(cloud, policy, job.inputTokens) : undefined;
  const chosen = decidePlace(bestLocal, bestCloud, localFinishAtMs, overflow, state, contender);

  const explainer = { state, contender, group, outlook, local, cloud };
  if (chosen !== undefined) {
    assign(explainer, chosen);
    return { kind: 'assigned' };
  }
  const known = [...local, ...cloud];
  const hold = new LazyHold(job, lane, reasonsOf(known), () => explainer);
  if (isUnservable(known, hold)) return { kind: 'rejected', hold };
  if (!isGuarded(contender) && local.length > 0 && local.every(isForWantOfRoom))
    group.refused.add(needOf(state, contender));
  keepRoom(state, job, local);
  return { kind: 'held', hold, keeps: known.some(isOfJobOnly) ? 'job' : 'lane' };
}

/** Lets a lane's next job go out of turn, if nothing is open to it: what is closed stays so, because room only goes. */
export function letGo(
  state: PlanState,
  contender: Contender,
  before: number,
  reach: Reach,
): HeldPlacement | undefined {
  const held = holdIfNothingIsOpen(state, contender, before, reach);
  if (held === undefined) return undefined;
  state.letGo.push({ contender, after: state.considered.length });
  notePromotion(state, contender);
  return held;
}

/** Holds a job that neither a local backend has room for nor the cloud is open to; else undefined, and nothing is done. */
function holdIfNothingIsOpen(
  state: PlanState,
  contender: Contender,
  before: number,
  reach: Reach,
): HeldPlacement | undefined {
  if (mayRunLocally(state, contender, reach)) return undefined;
  const { lane, job } = contender;
  const group = state.groupOf(lane);
  const moment = momentOf(state, group);
  const ask = (): Outlook => outlookOf(state, contender, before, moment, undefined);
  const seen = mayLeave(state, contender) ? ask() : undefined;
  if (seen?.overflow.open === true) return undefined;
  const hold = new LazyHold(job, lane, 'NO_ROOM', () => ({
    state,
    contender,
    group,
    outlook: seen ?? ask(),
    local: NONE,
    cloud: NONE,
  }));
  return { kind: 'held', hold, keeps: 'closed' };
}

function notePromotion({ promotions }: PlanState, { lane, job, competesAs }: Contender): void {
  if (competesAs !== lane.jobClass) promotions.push({ job, lane, from: lane.jobClass, to: competesAs });
}

function mayRunLocally(state: PlanState, contender: Contender, reach: Reach): boolean {
  const { localHasRoom, refused } = state.groupOf(contender.lane);
  if (reach === 'cloud' || !localHasRoom) return false;
  return isGuarded(contender) || !refused.covers(needOf(state, contender));
}

/** What filters/kv-headroom.ts and filters/pinned-guard.ts go by. */
function needOf(state: PlanState, { lane, job, output, virtualTokens }: Contender): RoomNeed {
  const { kvDeviations } = state.snapshot.policy;
  const { mostSlots } = state.groupOf(lane);
  const tokens = kvTokens(job, output);
  return {
    alone: tokens + kvDeviations * kvDeviation(output, 2),
    inFullBatch: tokens + kvDeviations * kvDeviation(output, mostSlots),
    virtualTokens,
  };
}

const mayLeave = (state: PlanState, { lane }: Contender): boolean =>
  !lane.pinned && state.groupOf(lane).cloudHasRoom;

/** A pinned interactive job may go where others may not: see filters/pinned-guard.ts. */
const isGuarded = ({ lane }: Contender): boolean => lane.pinned && lane.jobClass === 'interactive';

const NONE: readonly Candidate[] = [];

/** Local hardware with room, unless only the cloud would be in time; the cloud, if it is open and sooner. */
function decidePlace(
  local: Scored | undefined,
  cloud: Scored | undefined,
  localFinishAtMs: EpochMs,
  { trigger }: OverflowState,
  { snapshot: { policy } }: PlanState,
  { job }: Contender,
): Scored | undefined {
  if (cloud === undefined) return local;
  if (policy.strategies[job.strategy].cloud === 'open')
    return choose(local === undefined ? [cloud] : [local, cloud], policy, job.inputTokens);
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
