import { virtualTokens } from '../fairness/virtual-tokens.ts';
import type { OutputLength } from '../prediction/output-length.ts';
import { withJob } from './backend-load.ts';
import { explain, type Explainer } from './explain.ts';
import type { Scored } from './explanation.ts';
import { contextFit } from './filters/context-fit.ts';
import { servesEndpoint } from './filters/serves-endpoint.ts';
import { poolWorkMs } from './forecast/pool.ts';
import { kvTokens } from './kv-tokens.ts';
import { type ModelGroup, oneLess } from './model-group.ts';
import { appliesTo, estimateUsd } from './price.ts';
import type { BackendView, JobView } from './snapshot.ts';

/** Gives the job to the chosen backend: room, money, turns and depth that it takes are gone for those after it. */
export function assign(explainer: Explainer, chosen: Scored): void {
  const { state, contender, group } = explainer;
  const { lane, job, output } = contender;
  const { snapshot } = state;
  const { backendId, location, model, prediction } = chosen;
  const load = state.loadOf(backendId);
  const account = state.accountOf(lane.tenantId);
  const { weight } = account;
  const charge = virtualTokens(job.inputTokens, output.p50, weight);
  const reservedTokens = kvTokens(job, output);
  const reservedUsd = location === 'cloud' ? (estimateUsd(job, load, output) ?? 0) : 0;
  state.assignments.push({
    job,
    lane,
    backendId,
    location,
    model,
    virtualTokens: charge,
    weight,
    reservedTokens,
    reservedUsd,
    prediction,
    counterfactual: cheapestPrice(job, group, output),
    explanation: explain(explainer, chosen),
  });
  const { finishAtMs, decodeMs } = prediction;
  state.replaceLoad(withJob(load, job, reservedTokens, finishAtMs - decodeMs, snapshot.policy));
  if (reservedUsd > 0) {
    state.budgets = state.budgets.map((budget) =>
      appliesTo(budget, backendId, lane.tenantId)
        ? { ...budget, leftUsd: budget.leftUsd - reservedUsd }
        : budget,
    );
  }
  account.virtualTokens += charge;
  oneLess(group, snapshot.policy, snapshot.nowMs);
  const workMs = group.pool.working === 0 ? 0 : poolWorkMs(group.pool, job.inputTokens, output.mean);
  state.relieve(group.pool, workMs);
  if (location === 'cloud') state.displacement.made(group.pool, workMs);
}

/** The price of the cloud backend that would have cost least. */
function cheapestPrice(job: JobView, { cloud }: ModelGroup, output: OutputLength): BackendView['price'] {
  let cheapest: { readonly usd: number; readonly price: BackendView['price'] } | undefined;
  for (const backend of cloud) {
    const usd = fits(job, backend) ? estimateUsd(job, backend, output) : undefined;
    if (usd !== undefined && (cheapest === undefined || usd < cheapest.usd))
      cheapest = { usd, price: backend.price };
  }
  return cheapest?.price;
}

const fits = (job: JobView, backend: BackendView): boolean =>
  servesEndpoint.refuses(job, backend) === undefined && contextFit.refuses(job, backend) === undefined;
