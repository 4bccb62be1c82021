import type { DecisionBody } from '@spillway/contracts';
import type { UnseenJob } from '@spillway/redis';
import type { Assignment, Candidate, EpochMs, Explanation, Hold, JobView, LaneView } from '@spillway/core';

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
  const { backendId, location, model, job, explanation } = assignment;
  return {
    ...record(assignment, context),
    action: 'assign',
    backend: backendId,
    model,
    fence: job.fence + 1,
    trigger: location === 'local' ? 'local' : explanation.trigger,
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
  const behind = `waits behind ${ahead} other jobs of its lane`;
  const explanation: Explanation = {
    rank: ahead + 1,
    tenantVirtualTokens: reason?.tenantVirtualTokens ?? 0,
    depth: reason?.depth ?? lane.depth,
    overflowing: reason?.overflowing ?? false,
    trigger: reason?.trigger ?? 'local',
    candidates: reason?.candidates ?? [],
    why: reason === undefined ? behind : `${behind}; for the first of them: ${reason.why}`,
  };
  return record({ job, lane, explanation }, context);
}

function record({ job, lane, explanation }: Considered, context: DecisionContext): DecisionBody {
  return {
    at: new Date(context.nowMs).toISOString(),
    action: 'hold',
    backend: null,
    model: null,
    fence: null,
    trigger: null,
    why: explanation.why,
    order: {
      rank: explanation.rank,
      class: lane.jobClass,
      tenant: lane.tenantId,
      tenant_virtual_tokens: explanation.tenantVirtualTokens,
      deadline_in_ms: job.deadlineAtMs - context.nowMs,
      waited_ms: Math.max(0, context.nowMs - job.queuedAtMs),
    },
    features: {
      model: lane.modelGroup,
      pinned: lane.pinned,
      input_tokens: job.inputTokens,
      output_tokens: job.outputTokens,
    },
    queue: { depth: explanation.depth, overflowing: explanation.overflowing },
    candidates: explanation.candidates.map(candidateBody),
    config_version: context.configVersion,
    epoch: context.epoch,
  };
}

const candidateBody = (candidate: Candidate): DecisionBody['candidates'][number] => {
  const { backendId: backend, location } = candidate;
  return candidate.kind === 'refused'
    ? {
        backend,
        location,
        model: null,
        refused_by: candidate.code,
        because: candidate.because,
        score: null,
        components: null,
      }
    : {
        backend,
        location,
        model: candidate.model,
        refused_by: null,
        because: null,
        score: candidate.score,
        components: { ...candidate.components },
      };
};
