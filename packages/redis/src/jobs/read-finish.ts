import { type EpochMs, estimateFinishAtMs } from '@spillway/core';

/**
 * When a job would have its answer, from where it waits and what `lib/position.lua` tells of its forecast; undefined for
 * an empty text: nothing is known.
 */
export function readFinish(
  nowMs: EpochMs,
  position: number,
  forecast: string,
  deadlineAtMs: EpochMs,
): EpochMs | undefined {
  const [jobMs, residenceMs, paceMs = 0, inClass = 0] = forecast.split(' ').map(Number);
  if (jobMs === undefined || residenceMs === undefined) return undefined;
  return estimateFinishAtMs(nowMs, { position, inClass }, { jobMs, residenceMs, paceMs }, deadlineAtMs);
}

/**
 * The estimate a client was told at submission, from what `submit-jobs.lua` keeps of it: the position and the forecast.
 * Undefined for an empty text: none was told.
 */
export function readForetold(
  createdAtMs: EpochMs,
  foretold: string,
  deadlineAtMs: EpochMs,
): EpochMs | undefined {
  const [position, ...forecast] = foretold.split(' ');
  return readFinish(createdAtMs, Number(position), forecast.join(' '), deadlineAtMs);
}
