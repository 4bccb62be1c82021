export { createAttemptMetrics, type AttemptMetrics } from './attempt-metrics.ts';
export type { Judgement } from './judge-attempt.ts';
export { WorkerLoop } from './worker-loop.ts';
export type { WorkerLoopOptions } from './worker-loop-options.ts';
export { createWorkerStore, type WorkerStore } from './worker-store.ts';
