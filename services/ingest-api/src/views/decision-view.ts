import type { DecisionBody, DecisionOutcome, ExplanationBody } from '@spillway/contracts';
import { type DryRun, unpackDecision } from '@spillway/planning';
import type { JobRecord } from '@spillway/redis';
import { instant, maybeInstant } from './job-view.ts';

/** The decisions about a job as the wire shows them: with what came of each. Those of other versions are left out. */
export function toDecisionBodies(texts: readonly string[], job: JobRecord): DecisionBody[] {
  const decisions = texts.flatMap((text) => unpackDecision(text) ?? []);
  return decisions.map((decision) => ({ ...decision, outcome: outcomeOf(decision, job) }));
}

export const toExplanationBody = (dryRun: DryRun): ExplanationBody => ({
  object: 'explanation',
  dry_run: true,
  decision: dryRun.decision,
  queue_position: dryRun.queuePosition ?? null,
  estimated_finish_at: maybeInstant(dryRun.estimatedFinishAtMs),
});

/** What the attempt that an assignment led to came to; null while it runs, and where no worker took the job. */
function outcomeOf({ action, fence }: DecisionBody, job: JobRecord): DecisionOutcome | null {
  const end = action === 'assign' ? job.attempts.find((attempt) => attempt.fence === fence)?.end : undefined;
  if (end === undefined) return null;
  // Only the attempt that completed has left its usage with the job.
  const costUsd = end.outcome === 'completed' ? usdOf(job) : undefined;
  const { counterfactualUsd } = end;
  return {
    finished_at: instant(end.finishedAtMs),
    prediction_error_ms: end.predictionErrorMs ?? null,
    output_error_tokens: end.outputErrorTokens ?? null,
    cost_usd: costUsd ?? null,
    counterfactual_usd: counterfactualUsd ?? null,
    saved_usd:
      costUsd === undefined || counterfactualUsd === undefined
        ? null
        : Number((counterfactualUsd - costUsd).toFixed(9)),
  };
}

const usdOf = ({ usage }: JobRecord): number | undefined =>
  usage === undefined ? undefined : usage.costMicroUsd / 1e6;
