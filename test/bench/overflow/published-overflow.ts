/**
 * What an earlier simulation, a smaller model of the same kind of deployment, made of the same trace at 1x its load.
 * That simulation is not in this repository and cannot be run again.
 */
export interface PublishedOverflow {
  /** Missed jobs of interactive / standard / batch, in %. */
  readonly missed: string;
  readonly p99InteractiveSeconds: number;
  readonly cloudPercent: number;
  readonly usdPerHour: number;
}

export const PUBLISHED: Readonly<Record<string, PublishedOverflow>> = {
  fifo: { missed: '98.8/89.8/0', p99InteractiveSeconds: 2365, cloudPercent: 0, usdPerHour: 0 },
  priority: { missed: '12.9/87.8/0', p99InteractiveSeconds: 60, cloudPercent: 0, usdPerHour: 0 },
  depth: { missed: '0.8/0/0', p99InteractiveSeconds: 28.5, cloudPercent: 40.6, usdPerHour: 2.36 },
  'priority-depth': { missed: '0.2/0/0', p99InteractiveSeconds: 23.2, cloudPercent: 40.1, usdPerHour: 2.37 },
  'priority-hysteresis': {
    missed: '0.3/0/0',
    p99InteractiveSeconds: 24,
    cloudPercent: 40.6,
    usdPerHour: 2.37,
  },
  spillway: { missed: '0.6/0/0', p99InteractiveSeconds: 27.8, cloudPercent: 19.2, usdPerHour: 1.18 },
};
