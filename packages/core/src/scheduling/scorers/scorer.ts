import type { BackendView, JobView } from '../snapshot.ts';

interface ScoreContext {
  /** The models that may serve the job, best first. */
  readonly models: readonly string[];
  /** The one of them that this backend would run. */
  readonly model: string;
}

/** Ranks a backend for a job in [0, 1], higher is better, on an absolute scale: a score means the same tomorrow. */
export interface Scorer {
  readonly name: string;
  /** Weights of all scorers add up to 1. */
  readonly weight: number;
  score(job: JobView, backend: BackendView, context: ScoreContext): number;
}
