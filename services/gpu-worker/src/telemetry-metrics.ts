import type { GpuReading } from '@spillway/gpu';
import type { Metrics } from '@spillway/service-kit';
import type { EngineState } from './engine-state.ts';

/** The engine's and GPU's last readings as gauges, written after each look. */
export function createTelemetryMetrics(metrics: Metrics, backend: string) {
  const gauge = (name: string, help: string) => metrics.gauge(name, help, ['backend']);
  const up = gauge('engine_up', '1 while the engine answers and makes progress');
  const running = gauge('engine_requests_running', 'Requests the engine runs, as it says');
  const waiting = gauge('engine_requests_waiting', 'Requests waiting in the engine, as it says');
  const kv = gauge('engine_kv_cache_usage_ratio', 'Share of the KV cache in use');
  const watts = gauge('gpu_power_watts', 'Power drawn');
  const limit = gauge('gpu_power_limit_watts', 'Power limit in force');
  const temperature = gauge('gpu_temperature_celsius', 'Temperature of the GPU');
  const utilization = gauge('gpu_utilization_ratio', 'Share of the time the GPU was busy');
  const memory = gauge('gpu_memory_used_bytes', 'Memory in use');
  const memoryTotal = gauge('gpu_memory_total_bytes', 'Memory there is');
  const set = (target: typeof up, value: number | undefined): void => {
    // What is not told any more must not stand there as if it were.
    if (value === undefined) target.remove({ backend });
    else target.set({ backend }, value);
  };
  return (state: EngineState): void => {
    const engine = state.sample?.metrics;
    // A simulated engine's load is not that of the card in this machine.
    const gpu: Partial<GpuReading> | undefined = state.simulated ? engine?.simulatedGpu : state.sample?.gpu;
    set(up, Number(state.down === undefined));
    set(running, engine?.running);
    set(waiting, engine?.waiting);
    set(kv, engine?.kvCacheUsage);
    set(watts, gpu?.powerWatts);
    set(limit, gpu?.powerLimitWatts);
    set(temperature, gpu?.temperatureC);
    set(utilization, percent(gpu?.utilizationPercent));
    set(memory, bytes(gpu?.memoryUsedMiB));
    set(memoryTotal, bytes(gpu?.memoryTotalMiB));
  };
}

const percent = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : value / 100;
const bytes = (mebibytes: number | undefined): number | undefined =>
  mebibytes === undefined ? undefined : mebibytes * 1_048_576;
