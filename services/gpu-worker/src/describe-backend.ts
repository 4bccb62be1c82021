import type { LocalBackendConfig } from '@spillway/contracts';
import { ENDPOINTS, type EpochMs } from '@spillway/core';
import type { BackendDescriptor } from '@spillway/redis';
import type { Learned } from './engine-learner.ts';
import { hasMetrics } from './engine-monitor.ts';
import type { EngineState } from './engine-state.ts';

/** What the heartbeat says of the engine: its configuration, what was last seen of it, and what it has taught. */
export function describeBackend(
  config: LocalBackendConfig,
  state: EngineState,
  learned: Learned,
  nowMs: EpochMs,
): BackendDescriptor {
  const metrics = state.sample?.metrics;
  const kvCapacityTokens = config.kv_capacity_tokens ?? metrics?.kvCapacityTokens;
  const gpu = gpuOf(state);
  return {
    kind: config.kind,
    location: 'local',
    models: Object.keys(config.models),
    endpoints: [...ENDPOINTS],
    simulated: state.simulated,
    draining: false,
    ...(state.down !== undefined && {
      down: { forMs: Math.max(0, nowMs - state.down.sinceMs), because: state.down.because },
    }),
    ...(config.context_tokens !== undefined && { contextTokens: config.context_tokens }),
    ...(kvCapacityTokens !== undefined && { kvCapacityTokens }),
    ...(metrics?.running !== undefined && {
      engine: {
        running: metrics.running,
        waiting: metrics.waiting ?? 0,
        ...(metrics.kvCacheUsage !== undefined && { kvCacheUsage: metrics.kvCacheUsage }),
      },
    }),
    ...(gpu !== undefined && { gpu }),
    // of an engine that has none there is nothing to grow old
    ...(hasMetrics(config) &&
      state.metricsAtMs !== undefined && { telemetryAgeMs: Math.max(0, nowMs - state.metricsAtMs) }),
    ...learned,
  };
}

/** A simulated engine brings its simulated GPU, which then stands for the real one of this machine. */
function gpuOf({ sample, simulated }: EngineState): BackendDescriptor['gpu'] {
  const simulatedGpu = sample?.metrics?.simulatedGpu;
  if (simulated) return simulatedGpu === undefined ? undefined : { source: 'engine-sim', ...simulatedGpu };
  const gpu = sample?.gpu;
  if (gpu === undefined) return undefined;
  const { powerWatts, powerLimitWatts, temperatureC, utilizationPercent, memoryUsedMiB, memoryTotalMiB } =
    gpu;
  return {
    source: 'nvidia-smi',
    ...(powerWatts !== undefined && { powerWatts }),
    ...(powerLimitWatts !== undefined && { powerLimitWatts }),
    ...(temperatureC !== undefined && { temperatureC }),
    ...(utilizationPercent !== undefined && { utilizationPercent }),
    ...(memoryUsedMiB !== undefined && { memoryUsedMiB }),
    ...(memoryTotalMiB !== undefined && { memoryTotalMiB }),
  };
}
