import { cloudMs, TYPICAL_CLOUD } from '../../prediction/cloud-latency.ts';
import { decodeMs, prefillMs, stepMs } from '../../prediction/engine-profile.ts';
import type { OutputLength } from '../../prediction/output-length.ts';
import type { EpochMs } from '../../time.ts';
import type { BackendLoad } from '../backend-load.ts';
import type { Prediction } from '../explanation.ts';
import { expectedUsd } from '../price.ts';
import type { JobView } from '../snapshot.ts';
import { engineProfileOf, type Joining } from './pool.ts';

export interface PredictionContext {
  readonly nowMs: EpochMs;
  readonly output: OutputLength;
  /** Prompt tokens that the backend's prefix cache probably holds. */
  readonly cachedTokens: number;
  /** Jobs that wait for each backend beside this one: they fill the batch. */
  readonly waiting: number;
  /** Prompt and answer of a job that joins the batch meanwhile, on average. */
  readonly joining: Joining;
}

/** When a job that is given to the backend now would be ready; docs/scheduling.md#prediction. */
export function predict(job: JobView, backend: BackendLoad, context: PredictionContext): Prediction {
  const { nowMs, output, cachedTokens } = context;
  const costUsd = expectedUsd(job, backend, output);
  if (backend.location === 'cloud') {
    const { firstTokenMs, ...latency } = backend.latency ?? TYPICAL_CLOUD;
    const durationMs = cloudMs({ firstTokenMs, ...latency }, output.p50);
    return {
      finishAtMs: nowMs + durationMs,
      queueMs: 0,
      prefillMs: firstTokenMs.p50,
      decodeMs: durationMs - firstTokenMs.p50,
      stallMs: 0,
      cachedTokens: 0,
      costUsd,
    };
  }
  const profile = engineProfileOf(backend);
  const sequences = Math.min(backend.slots, backend.held + 1 + context.waiting);
  // Prompts are computed one after another: those that were given to the engine before this one come first.
  const queueMs = Math.max(0, backend.prefillBusyUntilMs - nowMs);
  const prefill = prefillMs(profile, sequences, Math.max(0, job.inputTokens - cachedTokens));
  const decode = decodeMs(
    profile,
    sequences,
    output.p50,
    context.joining.inputTokens,
    context.joining.outputTokens,
  );
  return {
    finishAtMs: nowMs + queueMs + prefill + decode,
    queueMs,
    prefillMs: prefill,
    decodeMs: decode,
    stallMs: decode - output.p50 * stepMs(profile, sequences),
    cachedTokens,
    costUsd,
  };
}
