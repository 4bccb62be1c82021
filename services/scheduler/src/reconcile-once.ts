import type { Reconciler } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import type { SchedulerMetrics } from './scheduler-metrics.ts';

interface ReconcileDeps {
  readonly reconciler: Reconciler;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
}

/**
 * What the leader does last every second: looks at the next part of the cell. It says each thing it had to repair,
 * because every one of them is a bug somewhere.
 */
export async function reconcileOnce({ reconciler, metrics, logger }: ReconcileDeps): Promise<void> {
  for (const { kind, subject } of await reconciler.step()) {
    metrics.driftRepaired.inc({ kind });
    logger.warn({ event: 'drift.repaired', kind, subject });
  }
}
