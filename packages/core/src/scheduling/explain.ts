import type { EpochMs } from '../time.ts';
import { evaluate, type EvaluationContext } from './evaluate.ts';
import type { Candidate, Explanation, Scored } from './explanation.ts';
import type { ModelGroup } from './model-group.ts';
import type { Contender } from './order/order-rule.ts';
import type { Outlook } from './outlook.ts';
import type { OverflowState } from './overflow/overflow-state.ts';
import type { PlanState } from './plan-state.ts';

/** What an explanation is made from. */
export interface Explainer {
  readonly state: PlanState;
  readonly contender: Contender;
  readonly group: ModelGroup;
  readonly outlook: Outlook;
  /** What the plan found; empty where it did not have to look. */
  readonly local: readonly Candidate[];
  readonly cloud: readonly Candidate[];
}

/** What one job is evaluated with, as the plan stands now. */
export function contextOf(
  { snapshot, budgets, groupOf, accountOf }: PlanState,
  { lane, output, virtualTokens }: Contender,
  overflow: OverflowState,
): EvaluationContext {
  const { nowMs, policy, prefixes } = snapshot;
  const { models, pool, depth, joining, leastJoulesPerToken, shareTolerance } = groupOf(lane);
  const waiting = pool.working === 0 ? 0 : Math.ceil((depth - 1) / pool.working);
  return {
    nowMs,
    policy,
    lane,
    overflow,
    output,
    virtualTokens,
    shareTolerance,
    chargedBefore: (tenantId) => accountOf(tenantId).chargedBefore,
    budgets,
    models,
    prefixes,
    waiting,
    joining,
    leastJoulesPerToken,
  };
}

/** Explains what is done with a job, naming every backend: those the plan did not have to look at are asked now. */
export function explain(explainer: Explainer, chosen: Scored | undefined): Explanation {
  const { state, contender, group } = explainer;
  const { overflow, localFinishAtMs } = explainer.outlook;
  const { job, output } = contender;
  const context = contextOf(state, contender, overflow);
  const local = explainer.local.length > 0 ? explainer.local : evaluate(job, group.local, context);
  const cloud = explainer.cloud.length > 0 ? explainer.cloud : evaluate(job, group.cloud, context);
  const candidates = [...local, ...cloud, ...evaluate(job, group.others, context)];
  return {
    get rank() {
      return state.rankOf(contender);
    },
    competesAs: contender.competesAs,
    aged: contender.aged,
    tenantVirtualTokens: contender.virtualTokens,
    depth: group.depth,
    overflowing: overflow.open,
    trigger: chosen?.location === 'local' ? 'local' : overflow.trigger,
    output: { p50: output.p50, p90: output.p90 },
    localFinishAtMs: Number.isFinite(localFinishAtMs) ? localFinishAtMs : undefined,
    candidates,
    why: chosen === undefined ? whyHeld(candidates) : whyAssigned(chosen, candidates, explainer),
  };
}

function whyAssigned(
  chosen: Scored,
  candidates: readonly Candidate[],
  { outlook, state }: Explainer,
): string {
  const { nowMs } = state.snapshot;
  const { overflow } = outlook;
  const secondsUntil = (atMs: EpochMs): string => ((atMs - nowMs) / 1000).toFixed(1);
  const beaten = candidates.filter(
    (other): other is Scored => other.kind === 'scored' && other.backendId !== chosen.backendId,
  );
  const rather =
    beaten.length === 0
      ? ''
      : `, rather than ${listed(beaten, ', ', ({ backendId, prediction }) => `${backendId} (${secondsUntil(prediction.finishAtMs)} s)`)}`;
  const ready = `ready in about ${secondsUntil(chosen.prediction.finishAtMs)} s${rather}`;
  if (chosen.location === 'local') return `local backend with room, ${ready}`;
  return overflow.trigger === 'cloud-only' || overflow.trigger === 'strategy'
    ? `cloud: ${overflow.because()}; ${ready}`
    : `overflow: ${overflow.because()}; ${ready}`;
}

/** The sentence for a job that stays where it is. */
function whyHeld(candidates: readonly Candidate[]): string {
  if (candidates.length === 0) return 'no backend is configured';
  return listed(candidates, '; ', (candidate) =>
    candidate.kind === 'refused'
      ? `${candidate.backendId}: ${candidate.because}`
      : `${candidate.backendId}: ${candidate.location === 'local' ? 'its room is for jobs whose turn comes first' : 'not sooner than waiting for local hardware'}`,
  );
}

const MOST_NAMED = 6;

function listed<Item>(items: readonly Item[], between: string, name: (item: Item) => string): string {
  const named = items.slice(0, MOST_NAMED).map((item) => name(item));
  if (items.length > MOST_NAMED) named.push(`and ${items.length - MOST_NAMED} more`);
  return named.join(between);
}
