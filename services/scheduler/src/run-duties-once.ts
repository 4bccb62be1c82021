import type { Duties, Rescue } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import type { SchedulerMetrics } from './scheduler-metrics.ts';

export interface DutiesDeps {
  readonly duties: Duties;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
}

/**
 * What the leader does every second beside planning: the four clocks of a job, each by its own duty, and taking back
 * what the dead hold.
 */
export async function runDutiesOnce({ duties, metrics, logger }: DutiesDeps): Promise<void> {
  const expired = (clock: 'start' | 'deadline', count: number): void => {
    if (count === 0) return;
    metrics.expired.inc({ clock }, count);
    logger.info({ event: 'jobs.expired', clock, count });
  };
  const rescued = (because: 'silent' | 'overlong', rescue: Rescue): void => {
    if (rescue.rescued + rescue.poisoned === 0) return;
    metrics.rescued.inc({ because, outcome: 'requeued' }, rescue.rescued);
    metrics.rescued.inc({ because, outcome: 'poisoned' }, rescue.poisoned);
    logger.warn({ event: 'jobs.rescued', because, ...rescue });
  };
  expired('start', await duties.expireUnstarted());
  expired('deadline', await duties.expireOverdue());
  rescued('silent', await duties.rescueJobs());
  rescued('overlong', await duties.endOverlong());
  await duties.purgeRetained();
}
