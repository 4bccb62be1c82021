import type { Metrics } from '@spillway/service-kit';

export type AttemptMetrics = ReturnType<typeof createAttemptMetrics>;

/** The figures of both kinds of worker. */
export function createAttemptMetrics(metrics: Metrics) {
  return {
    attempts: metrics.counter('attempts_total', 'Attempts by how they ended', ['backend', 'outcome']),
    seconds: metrics.histogram(
      'attempt_seconds',
      'From claim to settle',
      [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
      ['backend'],
    ),
    running: metrics.gauge('attempts_running', 'Attempts running now', ['backend']),
    /** Of completed attempts; the mean error with its sign is the sum of the late ones less that of the early ones. */
    predictionError: metrics.histogram(
      'sched_prediction_error_seconds',
      'How far answers were from the predicted finish, by whether they were early or late',
      [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      ['backend', 'direction'],
    ),
    outputLengthError: metrics.histogram(
      'sched_output_length_error_tokens',
      'How far the lengths of answers were from the predicted ones, by whether they were short or long',
      [1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000],
      ['backend', 'direction'],
    ),
    /** Lines of a batch are fed without an estimate. */
    estimateError: metrics.histogram(
      'sched_estimate_error_seconds',
      'How far answers were from the finish estimated at submission, by whether they were early or late; only of jobs submitted singly',
      [0.25, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600],
      ['class', 'direction'],
    ),
    privacyBlocks: metrics.counter(
      'privacy_block_total',
      'Pinned jobs stopped on their way to a cloud backend',
      ['stage'],
    ),
  };
}
