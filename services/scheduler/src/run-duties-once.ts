import type { DispatchPublisher, Duties } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import type { SchedulerMetrics } from './scheduler-metrics.ts';

export interface DutiesDeps {
  readonly duties: Duties;
  readonly publisher: DispatchPublisher;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
}

/**
 * What the leader does every second beside planning: end what is out of time, take back what the dead hold, publish
 * lost hints again, forget what was kept long enough.
 */
export async function runDutiesOnce(deps: DutiesDeps): Promise<void> {
  const { duties, publisher, metrics, logger } = deps;
  const expired = await duties.expireJobs();
  if (expired > 0) {
    metrics.expired.inc(expired);
    logger.info({ event: 'jobs.expired', count: expired });
  }
  const { rescued, poisoned, unclaimed } = await duties.rescueJobs();
  if (rescued + poisoned > 0) {
    metrics.rescued.inc({ outcome: 'requeued' }, rescued);
    metrics.rescued.inc({ outcome: 'poisoned' }, poisoned);
    logger.warn({ event: 'jobs.rescued', rescued, poisoned });
  }
  if (unclaimed.length > 0) {
    await publisher.publishAgain(unclaimed);
    metrics.republished.inc(unclaimed.length);
  }
  await duties.purgeRetained();
}
