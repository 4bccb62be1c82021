import type { DispatcherMetrics } from '../metrics.ts';

export const NO_METRICS: DispatcherMetrics = { attempted: () => undefined, lagged: () => undefined };
