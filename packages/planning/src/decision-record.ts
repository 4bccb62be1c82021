import type { CandidateBody, DecisionBody } from '@spillway/contracts';
import {
  SCORER_NAMES,
  type Assignment,
  type Candidate,
  type EpochMs,
  type Explanation,
  type Hold,
  type JobView,
  type LaneView,
  type Scored,
} from '@spillway/core';
import type { UnseenJob } from '@spillway/redis';
import { NOT_SCORED } from './not-scored.ts';

/** What a decision was made under, beside the snapshot. */
export interface DecisionContext {
  readonly nowMs: EpochMs;
  readonly configVersion: string;
  readonly epoch: number;
}

interface Considered {
  readonly job: JobView;
  readonly lane: Omit<LaneView, 'head'>;
  readonly explanation: Explanation;
}

export function recordAssignment(assignment: Assignment, context: DecisionContext): DecisionBody {
  const { backendId, model, job, explanation } = assignment;
  return {
    ...record(assignment, context),
    action: 'assign',
    backend: backendId,
    model,
    fence: job.fence + 1,
    trigger: explanation.trigger,
    counterfactual: counterfactualOf(assignment),
  };
}

export const recordHold = (hold: Hold, context: DecisionContext): DecisionBody => record(hold, context);

export const recordRejection = (rejection: Hold, context: DecisionContext): DecisionBody => ({
  ...record(rejection, context),
  action: 'reject',
});

/** A job that waited without being looked at: no tick got that far, or there was none while nobody led. */
export function recordUnseenHold(assignment: Assignment, context: DecisionContext): DecisionBody {
  const waitedSeconds = ((context.nowMs - assignment.job.queuedAtMs) / 1000).toFixed(1);
  const why = `waited ${waitedSeconds} s before it was considered: other jobs were before it, or no scheduler led`;
  return { ...record(assignment, context), candidates: [], why };
}

/** A job that waits behind others of its lane; `reason` is what the first of them was told. */
export function recordBehindOthers(
  { job, lane, ahead }: UnseenJob,
  reason: Explanation | undefined,
  context: DecisionContext,
): DecisionBody {
  const behind = `waits behind ${ahead} other ${ahead === 1 ? 'job' : 'jobs'} of its lane`;
  const explanation: Explanation = {
    rank: ahead + 1,
    competesAs: lane.jobClass,
    aged: false,
    tenantVirtualTokens: reason?.tenantVirtualTokens ?? 0,
    depth: reason?.depth ?? lane.depth,
    overflowing: reason?.overflowing ?? false,
    trigger: reason?.trigger ?? 'local',
    output: reason?.output ?? { p50: 0, p90: 0 },
    // What the first of them was promised is not what those behind it can hope for.
    localFinishAtMs: undefined,
    candidates: reason?.candidates ?? [],
    why: reason === undefined ? behind : `${behind}; for the first of them: ${reason.why}`,
  };
  return record({ job, lane, explanation }, context);
}

function record({ job, lane, explanation }: Considered, context: DecisionContext): DecisionBody {
  const { nowMs } = context;
  const { output, localFinishAtMs } = explanation;
  return {
    at: new Date(nowMs).toISOString(),
    action: 'hold',
    backend: null,
    model: null,
    fence: null,
    trigger: null,
    why: explanation.why,
    order: {
      rank: explanation.rank,
      class: lane.jobClass,
      competes_as: explanation.competesAs,
      promoted: explanation.competesAs !== lane.jobClass,
      aged: explanation.aged,
      tenant: lane.tenantId,
      tenant_virtual_tokens: rounded(explanation.tenantVirtualTokens, 3),
      deadline_in_ms: job.deadlineAtMs - nowMs,
      waited_ms: Math.max(0, nowMs - job.queuedAtMs),
    },
    features: {
      model: lane.modelGroup,
      task: job.task,
      pinned: lane.pinned,
      strategy: job.strategy,
      input_tokens: job.inputTokens,
      output_tokens: job.outputTokens,
      output_p50: Math.round(output.p50),
      output_p90: Math.round(output.p90),
      prefix_blocks: job.prefix.length,
    },
    queue: { depth: explanation.depth, overflowing: explanation.overflowing },
    local_finish_in_ms: localFinishAtMs === undefined ? null : Math.round(localFinishAtMs - nowMs),
    candidates: explanation.candidates.map((candidate) => candidateBody(candidate, nowMs)),
    counterfactual: null,
    outcome: null,
    config_version: context.configVersion,
    epoch: context.epoch,
  };
}

/** What the cheapest cloud would take for the prompt and an answer of ordinary length. */
function counterfactualOf({ counterfactual, job, explanation }: Assignment): DecisionBody['counterfactual'] {
  if (counterfactual === undefined) return null;
  const { inputUsdPerMillion, outputUsdPerMillion } = counterfactual;
  const millionths = job.inputTokens * inputUsdPerMillion + explanation.output.p50 * outputUsdPerMillion;
  return { cloud_usd: rounded(millionths / 1e6, 9) };
}

function candidateBody(candidate: Candidate, nowMs: EpochMs): CandidateBody {
  const { backendId: backend, location } = candidate;
  return candidate.kind === 'refused'
    ? { backend, location, ...NOT_SCORED, refused_by: candidate.code, because: candidate.because }
    : { backend, location, refused_by: null, because: null, ...scoredBody(candidate, nowMs) };
}

function scoredBody({ model, score, components, prediction }: Scored, nowMs: EpochMs) {
  const { finishAtMs, queueMs, prefillMs, decodeMs, cachedTokens, costUsd } = prediction;
  return {
    model,
    score: rounded(score, 4),
    components: Object.fromEntries(SCORER_NAMES.map((name) => [name, rounded(components[name], 4)])),
    finish_in_ms: Math.round(finishAtMs - nowMs),
    parts: {
      queue_ms: Math.round(queueMs),
      prefill_ms: Math.round(prefillMs),
      decode_ms: Math.round(decodeMs),
    },
    cached_tokens: Math.round(cachedTokens),
    cost_usd: costUsd === undefined ? null : rounded(costUsd, 9),
  };
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
