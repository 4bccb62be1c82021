import type { Metrics } from '@spillway/service-kit';

export type BatchMetrics = ReturnType<typeof createBatchMetrics>;

export function createBatchMetrics(metrics: Metrics) {
  return {
    turns: metrics.histogram(
      'batch_turn_seconds',
      'One thing done for a batch',
      [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120],
      ['turn'],
    ),
    fed: metrics.counter('batch_lines_fed_total', 'Lines given to the lanes'),
    drained: metrics.counter('batch_lines_drained_total', 'Lines written to part files'),
    ended: metrics.counter('batches_ended_total', 'Batches by how they ended', ['status']),
    unverified: metrics.counter(
      'batch_verification_failures_total',
      'Finalisations that found lines and counts to disagree; the batch does not complete',
    ),
  };
}
