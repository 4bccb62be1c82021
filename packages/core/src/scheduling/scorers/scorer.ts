import type { EpochMs } from '../../time.ts';
import type { BackendLoad } from '../backend-load.ts';
import type { Prediction } from '../explanation.ts';
import type { SchedulingPolicy } from '../policy.ts';
import type { JobView } from '../snapshot.ts';
import type { RoutingStrategy } from '../strategy.ts';

export interface ScoreContext {
  readonly nowMs: EpochMs;
  readonly policy: SchedulingPolicy;
  /** The models that may serve the job, best first. */
  readonly models: readonly string[];
  /** The one of them that this backend would run. */
  readonly model: string;
  readonly prediction: Prediction;
  /** Joules a token costs on the thriftiest backend that could take the job. */
  readonly leastJoulesPerToken: number;
}

/**
 * A scorer's part of the default weights, by strategy: its weight is this over the sum of all scorers', which is 100, so
 * that one reads it as per cent. A new scorer takes from each of the others in proportion. A strategy that is not named
 * weighs as `auto` does.
 */
type Shares = Readonly<Partial<Record<RoutingStrategy, number>> & { auto: number }>;

/** Ranks a backend for a job in [0, 1], higher is better, on an absolute scale: a score means the same tomorrow. */
export interface Scorer<Name extends string = string> {
  readonly name: Name;
  readonly shares: Shares;
  score(job: JobView, backend: BackendLoad, context: ScoreContext): number;
}
