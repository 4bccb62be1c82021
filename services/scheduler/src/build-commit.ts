import { type Plan, type Snapshot, type Assignment } from '@spillway/core';
import type { Commit } from '@spillway/redis';
import {
  type DecisionContext,
  recordAssignment,
  recordHold,
  recordRejection,
  recordUnseenHold,
} from './decision-record.ts';
import type { HoldMemory } from './hold-memory.ts';

/** A job held for longer than this gets a record that says why. */
const RECORD_HOLDS_AFTER_MS = 1000;

/** What is written of a plan: its assignments, and the decisions that people may ask for later. */
export function buildCommit(
  plan: Plan,
  snapshot: Snapshot,
  context: Omit<DecisionContext, 'nowMs'>,
  written: HoldMemory,
): Commit {
  const decisionContext = { ...context, nowMs: snapshot.nowMs };
  const slots = new Map(snapshot.backends.map((backend) => [backend.id, backend.slots]));
  const isLong = (queuedAtMs: number): boolean => snapshot.nowMs - queuedAtMs > RECORD_HOLDS_AFTER_MS;
  const unseen = (assignment: Assignment): boolean =>
    !written.take(assignment.job.id) && isLong(assignment.job.queuedAtMs);
  return {
    holds: [
      ...plan.holds
        .filter((hold) => isLong(hold.job.queuedAtMs) && written.isNew(hold))
        .map((hold) => ({
          job: hold.job.id,
          decision: JSON.stringify(recordHold(hold, decisionContext)),
          untold: false,
        })),
      ...plan.assignments.filter(unseen).map((assignment) => ({
        job: assignment.job.id,
        decision: JSON.stringify(recordUnseenHold(assignment, decisionContext)),
        untold: true,
      })),
    ],
    assignments: plan.assignments.map((assignment) => ({
      job: assignment.job.id,
      fence: assignment.job.fence,
      backend: assignment.backendId,
      model: assignment.model,
      location: assignment.location,
      slots: slots.get(assignment.backendId) ?? 0,
      tokens: assignment.job.inputTokens + assignment.job.outputTokens,
      charge: assignment.virtualTokens,
      decision: JSON.stringify(recordAssignment(assignment, decisionContext)),
    })),
    rejections: plan.rejections.map((rejection) => ({
      job: rejection.job.id,
      fence: rejection.job.fence,
      detail: rejection.explanation.why,
      decision: JSON.stringify(recordRejection(rejection, decisionContext)),
    })),
    overflowing: [...plan.overflowing],
  };
}
