import type { FaultRecord } from '../faults/fault.ts';

const CARRIERS = ['gpu-worker', 'cloud-worker', 'scheduler', 'redis', 'engine-sim', 'provider-sim'];
/** A request that was on its way when its fault ended may be told to have arrived a moment later. */
const ON_ITS_WAY_MS = 2_000;

/** Whether a fault between two instants may have broken off an attempt: what it breaks off is begun again later. */
export const breaksOff = (faults: readonly FaultRecord[], fromMs: number, toMs: number): boolean =>
  faults.some(
    ({ process, trouble, pid, beganAtMs, endedAtMs }) =>
      pid > 0 &&
      trouble.kind !== 'clock-step' &&
      CARRIERS.some((name) => process.startsWith(name)) &&
      beganAtMs <= toMs &&
      endedAtMs + ON_ITS_WAY_MS >= fromMs,
  );
