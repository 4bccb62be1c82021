import type { DeliveryDecision } from '@spillway/core';
import type { Metrics } from '@spillway/service-kit';

export interface DispatcherMetrics {
  attempted(outcome: DeliveryDecision['kind'], durationMs: number): void;
  /** How long an entry lay in the outbox. */
  lagged(lagMs: number): void;
}

export function createDispatcherMetrics(metrics: Metrics): DispatcherMetrics {
  const deliveries = metrics.counter(
    'webhook_deliveries_total',
    'Attempts of webhook deliveries by what followed: delivered, again or dead',
    ['outcome'],
  );
  const attemptSeconds = metrics.histogram(
    'webhook_attempt_seconds',
    'From signing an attempt to its end',
    [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60],
  );
  const lagSeconds = metrics.histogram(
    'webhook_outbox_lag_seconds',
    'From the end of a job or batch to its event being read',
    [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300, 3600],
  );
  return {
    attempted: (outcome, durationMs) => {
      deliveries.inc({ outcome });
      attemptSeconds.observe(durationMs / 1000);
    },
    lagged: (lagMs) => lagSeconds.observe(lagMs / 1000),
  };
}
