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
  const { overflow } = explainer.outlook;
  const { job } = contender;
  const context = contextOf(state, contender, overflow);
  const local = explainer.local.length > 0 ? explainer.local : evaluate(job, group.local, context);
  const cloud = explainer.cloud.length > 0 ? explainer.cloud : evaluate(job, group.cloud, context);
  const candidates = [...local, ...cloud, ...evaluate(job, group.others, context)];
  const why = chosen === undefined ? whyHeld(candidates) : whyAssigned(chosen, candidates, explainer);
  return new RankedExplanation(explainer, chosen, candidates, why);
}

/** Its rank is known when the plan is made. */
class RankedExplanation implements Explanation {
  readonly competesAs: Explanation['competesAs'];
  readonly aged: boolean;
  readonly tenantVirtualTokens: number;
  readonly depth: number;
  readonly overflowing: boolean;
  readonly trigger: Explanation['trigger'];
  readonly output: Explanation['output'];
  readonly localFinishAtMs: EpochMs | undefined;
  readonly candidates: readonly Candidate[];
  readonly why: string;
  readonly #state: PlanState;
  readonly #contender: Contender;

  constructor(
    { state, contender, outlook }: Explainer,
    chosen: Scored | undefined,
    candidates: readonly Candidate[],
    why: string,
  ) {
    const { localFinishAtMs, overflow, depth } = outlook;
    this.competesAs = contender.competesAs;
    this.aged = contender.aged;
    this.tenantVirtualTokens = contender.virtualTokens;
    this.depth = depth;
    this.overflowing = overflow.open;
    this.trigger = chosen?.location === 'local' ? 'local' : overflow.trigger;
    this.output = { p50: contender.output.p50, p90: contender.output.p90 };
    this.localFinishAtMs = Number.isFinite(localFinishAtMs) ? localFinishAtMs : undefined;
    this.candidates = candidates;
    this.why = why;
    this.#state = state;
    this.#contender = contender;
  }

  // No getter of an object literal: each of those leaves a shape behind that holds the whole plan.
  get rank(): number {
    return this.#state.rankOf(this.#contender);
  }
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
