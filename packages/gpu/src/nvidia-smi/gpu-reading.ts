/** Why a GPU runs slower than it could. Under a power cap `sw-power-cap` is expected; the thermal ones are trouble. */
export const THROTTLE_REASONS = [
  'sw-power-cap',
  'sw-thermal-slowdown',
  'hw-thermal-slowdown',
  'hw-power-brake-slowdown',
] as const;
export type ThrottleReason = (typeof THROTTLE_REASONS)[number];

/** One GPU at one moment. A field is absent where the card or its driver does not tell. */
export interface GpuReading {
  /** As nvidia-smi counts, which need not be CUDA's order. */
  readonly index: number;
  readonly uuid: string;
  readonly name: string;
  readonly powerWatts?: number;
  /** The limit in force, which may be lower than the one set. */
  readonly powerLimitWatts?: number;
  readonly temperatureC?: number;
  readonly utilizationPercent?: number;
  readonly memoryUsedMiB?: number;
  readonly memoryTotalMiB?: number;
  readonly smClockMhz?: number;
  readonly throttle: readonly ThrottleReason[];
}

/** `not-found`: no nvidia-smi on this machine; `failed`: it says it cannot; `timeout`: it hangs, as on a dying card. */
export interface NvidiaSmiProblem {
  readonly kind: 'not-found' | 'failed' | 'timeout';
  readonly detail: string;
}
