export {
  THROTTLE_REASONS,
  type GpuReading,
  type NvidiaSmiProblem,
  type ThrottleReason,
} from './nvidia-smi/gpu-reading.ts';
export { parseNvidiaSmi } from './nvidia-smi/parse-nvidia-smi.ts';
export { createNvidiaSmiReader, type NvidiaSmiReader } from './nvidia-smi/create-nvidia-smi-reader.ts';
export type { EngineMetrics } from './engine/engine-metrics.ts';
export { parseEngineMetrics } from './engine/parse-engine-metrics.ts';
export { readEngineMetrics, type EngineMetricsProblem } from './engine/read-engine-metrics.ts';
export {
  createProgressWatchdog,
  type Progress,
  type ProgressWatchdog,
} from './engine/create-progress-watchdog.ts';
export { createEnergyMeter, type EnergyHandle, type EnergyMeter } from './energy/create-energy-meter.ts';
