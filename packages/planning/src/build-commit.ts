import type { Config, DecisionBody } from '@spillway/contracts';
import type { Assignment, BackendView, Hold, Plan, Snapshot, TenantId } from '@spillway/core';
import type { Commit, CommitAssignment } from '@spillway/redis';
import {
  type DecisionContext,
  recordAssignment,
  recordHold,
  recordRejection,
  recordUnseenHold,
} from './decision-record.ts';
import type { HoldMemory } from './hold-memory.ts';
import { packDecision } from './packed-decision.ts';

/** A job held for longer than this gets a record that says why. */
const RECORD_HOLDS_AFTER_MS = 1000;

/** What is written of a plan, and what is told of it: each decision once, however often the plan repeats it. */
export interface BuiltCommit {
  readonly commit: Commit;
  readonly told: readonly DecisionBody[];
}

/** What is written of a plan: its assignments, and the decisions that people may ask for later. */
export function buildCommit(
  plan: Plan,
  snapshot: Snapshot,
  { config, version }: { readonly config: Config; readonly version: string },
  epoch: number,
  written: HoldMemory,
): BuiltCommit {
  const { nowMs } = snapshot;
  const decisionContext: DecisionContext = { nowMs, configVersion: version, epoch };
  const backends = new Map(snapshot.backends.map((backend) => [backend.id, backend]));
  const isLong = (queuedAtMs: number): boolean => nowMs - queuedAtMs > RECORD_HOLDS_AFTER_MS;
  const unseen = (assignment: Assignment): boolean =>
    !written.take(assignment.job.id) && isLong(assignment.job.queuedAtMs);
  const newHolds = plan.holds.filter((hold) => isLong(hold.job.queuedAtMs) && written.isNew(hold));
  const holds = newHolds.map((hold) => recordHold(hold, decisionContext));
  const rejections = plan.rejections.map((rejection) => recordRejection(rejection, decisionContext));
  return {
    told: [...holds, ...rejections],
    commit: {
      holds: [
        ...newHolds.map(({ job }: Hold, index) => ({
          job: job.id,
          decision: packed(holds[index]),
          untold: false,
        })),
        ...plan.assignments.filter(unseen).map((assignment) => ({
          job: assignment.job.id,
          decision: packDecision(recordUnseenHold(assignment, decisionContext)),
          untold: true,
        })),
      ],
      assignments: plan.assignments.map((assignment) => ({
        ...checks(assignment, backends.get(assignment.backendId), snapshot),
        decision: packDecision(recordAssignment(assignment, decisionContext)),
      })),
      rejections: plan.rejections.map(({ job, explanation }, index) => ({
        job: job.id,
        fence: job.fence,
        detail: explanation.why,
        decision: packed(rejections[index]),
      })),
      overflowing: [...plan.overflowing],
      looked: plan.looked,
      forecasts: plan.forecasts,
      weights: Object.entries(config.tenants)
        .filter(([, { weight }]) => weight !== 1)
        .map(([tenantId, { weight }]) => [tenantId as TenantId, weight] as const),
    },
  };
}

const packed = (decision: DecisionBody | undefined): string =>
  decision === undefined ? '' : packDecision(decision);

/** What the commit looks at again, and what it writes of the job. */
function checks(
  assignment: Assignment,
  backend: BackendView | undefined,
  { policy }: Snapshot,
): Omit<CommitAssignment, 'decision'> {
  const { job, backendId, model, location, reservedTokens, virtualTokens, weight, counterfactual } =
    assignment;
  const { prediction, explanation } = assignment;
  return {
    job: job.id,
    fence: job.fence,
    backend: backendId,
    model,
    location,
    slots: backend?.slots ?? 0,
    tokens: reservedTokens,
    ...(backend?.kvCapacityTokens !== undefined && {
      kvLimit: Math.floor(backend.kvCapacityTokens * policy.kvHeadroom),
    }),
    charge: virtualTokens,
    weight,
    predictedFinishAtMs: Math.round(prediction.finishAtMs),
    predictedOutputTokens: Math.round(explanation.output.p50),
    ...(counterfactual !== undefined && { counterfactual }),
  };
}
