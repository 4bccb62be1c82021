import type { BackendId, CloudLatency } from '@spillway/core';
import { ERROR_RATIOS, type Metrics } from '@spillway/service-kit';

export type LatencyMetrics = ReturnType<typeof createLatencyMetrics>;

/** How fast each cloud backend answers, as it was learned, and how far answers were from it. */
export function createLatencyMetrics(metrics: Metrics) {
  const firstToken = metrics.gauge(
    'cloud_latency_seconds',
    'Learned time from a request to its first token',
    ['backend', 'quantile'],
  );
  const perToken = metrics.gauge('cloud_token_seconds', 'Learned time from one token to the next', [
    'backend',
  ]);
  const errors = metrics.histogram(
    'cloud_latency_error_ratio',
    'Duration of an answer over what the learned latency said of one as long',
    ERROR_RATIOS,
    ['backend'],
  );
  return {
    write: (backend: BackendId, { firstTokenMs, perTokenMs }: CloudLatency): void => {
      firstToken.set({ backend, quantile: '0.5' }, firstTokenMs.p50 / 1000);
      firstToken.set({ backend, quantile: '0.95' }, firstTokenMs.p95 / 1000);
      perToken.set({ backend }, perTokenMs / 1000);
    },
    observeError: (backend: BackendId, ratio: number): void => errors.observe({ backend }, ratio),
    /** A backend that was taken out of the configuration is not shown any more. */
    remove: (backend: BackendId): void => {
      for (const quantile of ['0.5', '0.95']) firstToken.remove({ backend, quantile });
      perToken.remove({ backend });
      errors.remove({ backend });
    },
  };
}
