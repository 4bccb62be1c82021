import { type Forecast, JOB_CLASSES } from '@spillway/core';

/** Which forecasts have been written: one that says about the same again is no reason to write. */
export interface ForecastMemory {
  /** Whether these differ from those that were written last. */
  isNews(forecasts: readonly Forecast[]): boolean;
  /** They are written. */
  note(forecasts: readonly Forecast[]): void;
  /** Another one has led meanwhile, and written its own. */
  clear(): void;
}

/** A client does not see a twentieth: what it is told is rounded by the queue's own ups and downs. */
const SAME_WITHIN = 0.05;

export function createForecastMemory(): ForecastMemory {
  let written: ReadonlyMap<string, Forecast> = new Map();
  return {
    isNews: (forecasts) =>
      forecasts.length !== written.size ||
      forecasts.some((forecast) => {
        const known = written.get(forecast.modelGroup);
        return (
          known === undefined ||
          !isNear(forecast.jobMs, known.jobMs) ||
          !isNear(forecast.residenceMs, known.residenceMs) ||
          JOB_CLASSES.some((one) => !isNear(forecast.paceMs?.[one] ?? 0, known.paceMs?.[one] ?? 0))
        );
      }),
    note: (forecasts) => {
      written = new Map(forecasts.map((forecast) => [forecast.modelGroup, forecast]));
    },
    clear: () => {
      written = new Map();
    },
  };
}

const isNear = (now: number, before: number): boolean => Math.abs(now - before) <= SAME_WITHIN * before;
