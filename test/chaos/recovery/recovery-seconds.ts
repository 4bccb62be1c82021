import type { FaultRecord } from '../faults/fault.ts';

/** A job, or batch of one line, submitted the instant a fault ended, and when it was done; Infinity when it never was. */
export interface Probe {
  readonly fault: number;
  readonly through: 'local' | 'cloud' | 'webhook' | 'batch';
  readonly doneAtMs: number;
}

export interface Recovery {
  readonly fault: number;
  readonly how: Probe['through'] | 'worker-lost';
  readonly seconds: number;
}

/**
 * How long the platform took after each fault. Of faults that overlap, or follow each other before it has recovered,
 * the time counts from the end of the last: until then it is still broken.
 */
export const recoveriesOf = (probes: readonly Probe[], faults: readonly FaultRecord[]): readonly Recovery[] =>
  probes.flatMap(({ fault: number, through, doneAtMs }) => {
    const fault = faults.find((one) => one.number === number);
    return fault === undefined
      ? []
      : [{ fault: number, how: through, seconds: (doneAtMs - lastEnd(fault, doneAtMs, faults)) / 1000 }];
  });

/** The end of the outage a fault belongs to, as far as it ended before the instant given. */
export function lastEnd(fault: FaultRecord, beforeMs: number, faults: readonly FaultRecord[]): number {
  return faults
    .filter(({ pid, endedAtMs }) => pid > 0 && endedAtMs <= beforeMs && endedAtMs >= fault.endedAtMs)
    .reduce((latestMs, { endedAtMs }) => Math.max(latestMs, endedAtMs), fault.endedAtMs);
}
