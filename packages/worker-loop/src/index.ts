export { createAttemptMetrics, type AttemptMetrics } from './attempt-metrics.ts';
export { WorkerLoop } from './worker-loop.ts';
export type { WorkerLoopOptions } from './worker-loop-options.ts';
export { createWorkerStore, type WorkerStore } from './worker-store.ts';
