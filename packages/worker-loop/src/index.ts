export { createAttemptMetrics, type AttemptMetrics } from './attempt-metrics.ts';
export { WorkerLoop, type WorkerLoopOptions } from './worker-loop.ts';
export { createWorkerStore, type WorkerStore } from './worker-store.ts';
