import type { Power } from '@spillway/core';

/** Energy in kWh of one GPU that computed for `busyMs` of `totalMs`. */
export const kilowattHours = ({ busyWatts, idleWatts }: Power, busyMs: number, totalMs: number): number =>
  (busyMs * busyWatts + Math.max(0, totalMs - busyMs) * idleWatts) / 3.6e9;
