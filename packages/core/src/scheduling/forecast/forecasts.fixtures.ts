import type { OutputLength } from '../../prediction/output-length.ts';
import type { JobView, LaneView, Snapshot } from '../snapshot.ts';
import type { Backlog } from './backlog.ts';
import { type Forecasts, openForecasts } from './forecasts.ts';

const outputOf = ({ lengths }: Forecasts, { tenantId, modelGroup }: LaneView, job: JobView): OutputLength =>
  lengths.predict(tenantId, modelGroup, job.task, job.outputTokens);

/** Of a job that competes in its own class. */
export const localMs = (
  forecasts: Forecasts,
  lane: LaneView,
  job: JobView,
  before = 0,
  relievedMs = 0,
): number =>
  forecasts.localMs(
    forecasts.poolOf(lane.modelGroup),
    { lane, job, output: outputOf(forecasts, lane, job), competesAs: lane.jobClass },
    before,
    relievedMs,
  );

export const shortestMs = (forecasts: Forecasts, lane: LaneView, job: JobView): number =>
  forecasts.shortestMs(forecasts.poolOf(lane.modelGroup), job, outputOf(forecasts, lane, job));

export function backlogOf(snapshot: Snapshot, { modelGroup }: LaneView): Backlog {
  const forecasts = openForecasts(snapshot);
  return forecasts.backlogOf(forecasts.poolOf(modelGroup));
}
