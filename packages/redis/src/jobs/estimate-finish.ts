import type { EpochMs, Forecast } from '@spillway/core';

/**
 * When a waiting job would have its answer, as far as the last plan knew its model group: each job before it and its own
 * turn take `jobMs`, and then it runs. Whole ms; undefined when nothing is known.
 *
 * @param position 1 for the next one
 */
export const estimateFinishAtMs = (
  nowMs: EpochMs,
  position: number,
  forecast: Pick<Forecast, 'jobMs' | 'residenceMs'> | undefined,
): EpochMs | undefined => forecast && Math.round(nowMs + position * forecast.jobMs + forecast.residenceMs);

/** What `lib/position.lua` tells of a forecast; undefined for an empty text. */
export function parseForecast(text: string): Pick<Forecast, 'jobMs' | 'residenceMs'> | undefined {
  const [jobMs, residenceMs] = text.split(' ').map(Number);
  if (jobMs === undefined || residenceMs === undefined) return undefined;
  return { jobMs, residenceMs };
}
