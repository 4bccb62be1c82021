import type { Config, DecisionBody } from '@spillway/contracts';
import { estimateFinishAtMs, type EpochMs, type Hold, type Plan, plan } from '@spillway/core';
import type { NewJob, StoreSnapshot } from '@spillway/redis';
import { buildSnapshot, type PlannerView } from './build-snapshot.ts';
import {
  type DecisionContext,
  recordAssignment,
  recordBehindOthers,
  recordHold,
  recordRejection,
} from './decision-record.ts';
import { type PlacedJob, placeJob } from './place-job.ts';

/** What would happen to a job that is not submitted. */
export interface DryRun {
  readonly decision: DecisionBody;
  /** Undefined for a job that would not wait. */
  readonly queuePosition: number | undefined;
  readonly estimatedFinishAtMs: EpochMs | undefined;
}

/** Plans once with a job in line that does not exist, and tells what became of it. Costs what a plan costs. */
export function explainJob(
  newJob: NewJob,
  store: StoreSnapshot,
  config: Config,
  view: PlannerView,
  context: Omit<DecisionContext, 'nowMs'>,
): DryRun {
  const placed = placeJob(newJob, store, config);
  const planned = plan(buildSnapshot(placed.store, config, view));
  return told(placed, planned, { ...context, nowMs: store.nowMs });
}

function told(placed: PlacedJob, planned: Plan, context: DecisionContext): DryRun {
  const isIt = ({ job }: { readonly job: PlacedJob['job'] }): boolean => job.id === placed.job.id;
  const assignment = planned.assignments.find(isIt);
  if (assignment !== undefined) {
    return {
      decision: recordAssignment(assignment, context),
      queuePosition: undefined,
      estimatedFinishAtMs: Math.round(assignment.prediction.finishAtMs),
    };
  }
  const rejection = planned.rejections.find(isIt);
  if (rejection !== undefined) {
    const decision = recordRejection(rejection, context);
    return { decision, queuePosition: undefined, estimatedFinishAtMs: undefined };
  }
  const hold = planned.holds.find(isIt);
  const queuePosition = placed.position;
  if (hold !== undefined) {
    const decision = recordHold(hold, context);
    return { decision, queuePosition, estimatedFinishAtMs: finishOf(hold) };
  }
  const first = planned.holds.find(({ lane }) => lane.key === placed.lane.key);
  return {
    decision: recordBehindOthers(placed, first?.explanation, context),
    queuePosition,
    estimatedFinishAtMs: forecastOf(placed, planned, context.nowMs),
  };
}

/** When it would be ready; its deadline at the latest, as of any job that waits. */
const finishOf = ({ job, estimatedFinishAtMs }: Hold): EpochMs | undefined =>
  estimatedFinishAtMs === undefined ? undefined : Math.round(Math.min(estimatedFinishAtMs, job.deadlineAtMs));

/** What a client that submits it would be told, but for the pace that jobs were seen to leave at: a plan knows of none. */
function forecastOf(
  { job, lane, position }: PlacedJob,
  { forecasts }: Plan,
  nowMs: EpochMs,
): EpochMs | undefined {
  const forecast = forecasts.find(({ modelGroup }) => modelGroup === lane.modelGroup);
  if (forecast === undefined) return undefined;
  return estimateFinishAtMs(nowMs, { position, inClass: 0 }, { ...forecast, paceMs: 0 }, job.deadlineAtMs);
}
