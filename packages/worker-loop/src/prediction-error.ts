import type { EpochMs } from '@spillway/core';

/** How far an answer was from what the plan had predicted; instants of one clock. */
export interface PredictionError {
  readonly direction: 'early' | 'late';
  readonly seconds: number;
}

/** Undefined where nothing was predicted; an answer to the millisecond is late by nothing. */
export const predictionError = (
  predictedAtMs: EpochMs | undefined,
  endedAtMs: EpochMs,
): PredictionError | undefined =>
  predictedAtMs === undefined
    ? undefined
    : {
        direction: endedAtMs < predictedAtMs ? 'early' : 'late',
        seconds: Math.abs(endedAtMs - predictedAtMs) / 1000,
      };
