import type { EngineDeps } from './engine-deps.ts';

/** Counters since the start or the last reset; `admitted` = `completed + aborted + running + waiting`, always. */
export interface EngineStats {
  readonly running: number;
  readonly waiting: number;
  /** The most requests that ever ran at the same time. */
  readonly peakRunning: number;
  /** The most requests there ever were at the same time, those that waited in the engine included. */
  readonly peakInFlight: number;
  readonly admitted: number;
  readonly completed: number;
  readonly aborted: number;
  readonly preemptions: number;
  readonly promptTokens: number;
  readonly generationTokens: number;
  /** Digests of the prompts that arrived, oldest first, the last 10,000; those that met a fault included. */
  readonly digestsSeen: readonly string[];
}

export const engineStats = ({ loop: { engine, meter }, digests }: EngineDeps): EngineStats => ({
  running: engine.running,
  waiting: engine.waiting,
  peakRunning: engine.peakRunning,
  peakInFlight: engine.peakInFlight,
  admitted: meter.admitted,
  completed: meter.completed,
  aborted: meter.aborted,
  preemptions: engine.preemptions,
  promptTokens: engine.promptTokens,
  generationTokens: engine.generatedTokens,
  digestsSeen: digests.all(),
});
