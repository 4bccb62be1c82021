import type { LocalBackendConfig } from '@spillway/contracts';
import type { InferenceBackend } from '@spillway/core';
import {
  createProgressWatchdog,
  type EnergyMeter,
  type EngineMetrics,
  type GpuReading,
  type NvidiaSmiReader,
  readEngineMetrics,
} from '@spillway/gpu';
import type { Logger } from '@spillway/service-kit';
import { type EngineState, observeEngine, unknownEngine } from './engine-state.ts';

export interface EngineMonitor {
  state(): EngineState;
  /** Looks once; bounded to a few seconds. */
  look(signal: AbortSignal): Promise<void>;
}

export interface EngineMonitorDeps {
  readonly config: () => LocalBackendConfig;
  readonly backend: () => InferenceBackend;
  readonly gpus: NvidiaSmiReader;
  readonly energy: EnergyMeter;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

const CHECK_TIMEOUT_MS = 3000;

/** Health, load and power of one engine, as a state that each look moves on. */
export function createEngineMonitor(deps: EngineMonitorDeps): EngineMonitor {
  const watchdog = createProgressWatchdog();
  const telemetry = createGpuTelemetry(deps.gpus);
  let state = unknownEngine(deps.nowMs());
  return {
    state: () => state,
    look: async (signal) => {
      const config = deps.config();
      const [check, metrics, gpu] = await Promise.all([
        deps.backend().check({ signal: AbortSignal.any([signal, AbortSignal.timeout(CHECK_TIMEOUT_MS)]) }),
        readMetrics(config, signal),
        telemetry(config.gpu_index, signal),
      ]);
      const atMs = deps.nowMs();
      const wasDown = state.down !== undefined;
      state = observeEngine(state, {
        atMs,
        check,
        metrics,
        gpu,
        progress: metrics === undefined ? { kind: 'working' } : watchdog.observe(atMs, metrics),
      });
      const watts = state.simulated ? metrics?.simulatedGpu?.powerWatts : gpu?.powerWatts;
      deps.energy.observe(atMs, watts, metrics?.running ?? 0);
      if (wasDown !== (state.down !== undefined)) {
        deps.logger.info({
          event: wasDown ? 'engine.up' : 'engine.down',
          url: config.url,
          models: state.models,
          simulated: state.simulated,
          ...(state.down !== undefined && { because: state.down.because }),
        });
      }
    },
  };
}

/** Only vLLM is asked: llama.cpp needs a flag for it, Ollama has none. */
export const hasMetrics = ({ kind }: LocalBackendConfig): boolean => kind === 'vllm';

async function readMetrics(
  config: LocalBackendConfig,
  signal: AbortSignal,
): Promise<EngineMetrics | undefined> {
  if (!hasMetrics(config)) return undefined;
  const metrics = await readEngineMetrics(config.url, signal);
  return metrics.ok ? metrics.value : undefined;
}

/** Reads the GPU at most every two seconds, and not again on a machine that has no nvidia-smi. */
function createGpuTelemetry(gpus: NvidiaSmiReader) {
  const EVERY_MS = 2000;
  let absent = false;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let last: readonly GpuReading[] = [];
  return async (index: number, signal: AbortSignal): Promise<GpuReading | undefined> => {
    if (!absent && performance.now() - readAtMs >= EVERY_MS) {
      readAtMs = performance.now();
      const reading = await gpus.read(signal);
      last = reading.ok ? reading.value : [];
      absent = !reading.ok && reading.error.kind === 'not-found';
    }
    return last.find((gpu) => gpu.index === index);
  };
}
