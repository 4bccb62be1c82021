import type { BackendLocation } from '../backend/inference-backend.ts';
import type { Scorer } from './scorers/scorer.ts';
import { byScorer, type ScorerName, SCORERS } from './scorers/scorers.ts';

/** What the client chose about where a job may run and what counts. */
export const ROUTING_STRATEGIES = [
  'auto',
  'balanced',
  'fast',
  'quality',
  'cost',
  'long_context',
  'self_hosted_only',
  'cloud_only',
] as const;
export type RoutingStrategy = (typeof ROUTING_STRATEGIES)[number];

/** Weights of the scorers; they add up to 1. */
export type ScorerWeights = Readonly<Record<ScorerName, number>>;

/**
 * When jobs of a strategy may use the cloud: as `overflow` says; `open`, whenever it scores best; `only`, nothing else;
 * or `never`.
 */
export type CloudUse = 'overflow' | 'open' | 'only' | 'never';

export interface StrategyProfile {
  readonly cloud: CloudUse;
  readonly weights: ScorerWeights;
}

/** Whether jobs of a strategy keep off a kind of backend, whatever happens. */
export const rulesOut = ({ cloud }: StrategyProfile, location: BackendLocation): boolean =>
  cloud === (location === 'local' ? 'only' : 'never');

/** docs/scheduling.md#scores has the table; each scorer's column is in its file. */
export const DEFAULT_STRATEGIES: Readonly<Record<RoutingStrategy, StrategyProfile>> = {
  auto: { cloud: 'overflow', weights: weightsOf('auto') },
  balanced: { cloud: 'overflow', weights: weightsOf('balanced') },
  fast: { cloud: 'open', weights: weightsOf('fast') },
  quality: { cloud: 'open', weights: weightsOf('quality') },
  cost: { cloud: 'overflow', weights: weightsOf('cost') },
  long_context: { cloud: 'overflow', weights: weightsOf('long_context') },
  self_hosted_only: { cloud: 'never', weights: weightsOf('self_hosted_only') },
  cloud_only: { cloud: 'only', weights: weightsOf('cloud_only') },
};

function weightsOf(strategy: RoutingStrategy): ScorerWeights {
  const shareOf = ({ shares }: Scorer): number => shares[strategy] ?? shares.auto;
  const sum = SCORERS.reduce((total, scorer) => total + shareOf(scorer), 0);
  return byScorer((scorer) => shareOf(scorer) / sum);
}
