import type { BackendId, EpochMs } from '@spillway/core';
import type { Claim } from '@spillway/redis';
import type { AttemptMetrics } from './attempt-metrics.ts';
import { lengthError } from './length-error.ts';
import { predictionError } from './prediction-error.ts';

/** Tells the metrics how far off everything was that had been foretold of an attempt which is completed and settled. */
export function observeErrors(
  metrics: Pick<AttemptMetrics, 'predictionError' | 'outputLengthError' | 'estimateError'>,
  backend: BackendId,
  claim: Pick<Claim, 'predictedFinishAtMs' | 'predictedOutputTokens' | 'estimatedFinishAtMs' | 'jobClass'>,
  endedAtMs: EpochMs,
  outputTokens: number,
): void {
  const finish = predictionError(claim.predictedFinishAtMs, endedAtMs);
  if (finish !== undefined)
    metrics.predictionError.observe({ backend, direction: finish.direction }, finish.seconds);
  const length = lengthError(claim.predictedOutputTokens, outputTokens);
  if (length !== undefined)
    metrics.outputLengthError.observe({ backend, direction: length.direction }, length.tokens);
  const estimate = predictionError(claim.estimatedFinishAtMs, endedAtMs);
  if (estimate !== undefined)
    metrics.estimateError.observe({ class: claim.jobClass, direction: estimate.direction }, estimate.seconds);
}
