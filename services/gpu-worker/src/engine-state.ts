import type { BackendCheck, EpochMs } from '@spillway/core';
import type { EngineMetrics, GpuReading, Progress } from '@spillway/gpu';

/** One look at the engine and its GPU. Absent: not read, or it does not tell. */
export interface EngineSample {
  readonly atMs: EpochMs;
  readonly check: BackendCheck;
  readonly metrics: EngineMetrics | undefined;
  readonly gpu: GpuReading | undefined;
  readonly progress: Progress;
}

/** What the samples so far say. */
export interface EngineState {
  readonly down: { readonly sinceMs: EpochMs; readonly because: string } | undefined;
  readonly failedChecks: number;
  readonly models: readonly string[];
  readonly simulated: boolean;
  readonly sample: EngineSample | undefined;
  /** When it last told its own figures; undefined: it never did. */
  readonly metricsAtMs: EpochMs | undefined;
}

export const unknownEngine = (nowMs: EpochMs): EngineState => ({
  down: { sinceMs: nowMs, because: 'the engine has not answered yet' },
  failedChecks: 0,
  models: [],
  simulated: false,
  sample: undefined,
  metricsAtMs: undefined,
});

/** One lost answer is a hiccup, two in a row are an outage. */
const CHECKS_TO_DOWN = 2;

/** The next state: up at the first good answer, down at the second bad one in a row or when the engine hangs. */
export function observeEngine(state: EngineState, sample: EngineSample): EngineState {
  const { check, progress, atMs } = sample;
  const metricsAtMs = sample.metrics === undefined ? state.metricsAtMs : atMs;
  if (check.kind === 'unhealthy') {
    const failedChecks = state.failedChecks + 1;
    const down =
      state.down ?? (failedChecks >= CHECKS_TO_DOWN ? { sinceMs: atMs, because: check.detail } : undefined);
    return { ...state, failedChecks, down: down && { ...down, because: check.detail }, sample, metricsAtMs };
  }
  const down =
    progress.kind === 'stalled'
      ? { sinceMs: progress.sinceMs, because: 'the engine answers but makes no progress' }
      : undefined;
  const { models, simulated } = check;
  return { down, failedChecks: 0, models, simulated, sample, metricsAtMs };
}
