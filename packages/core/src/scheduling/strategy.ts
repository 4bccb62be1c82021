/** What the client chose about where a job may run and what counts; SCHEDULING §7.5. */
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

/** What a score is made of; each is a file in `scorers/`. */
export const SCORER_NAMES = ['time', 'cost', 'quality', 'reliability', 'headroom', 'energy'] as const;
export type ScorerName = (typeof SCORER_NAMES)[number];

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

const AUTO: ScorerWeights = {
  time: 0.3,
  cost: 0.3,
  quality: 0.15,
  reliability: 0.1,
  headroom: 0.1,
  energy: 0.05,
};

/** SCHEDULING §7.5, the table. */
export const DEFAULT_STRATEGIES: Readonly<Record<RoutingStrategy, StrategyProfile>> = {
  auto: { cloud: 'overflow', weights: AUTO },
  balanced: { cloud: 'overflow', weights: AUTO },
  fast: {
    cloud: 'open',
    weights: { time: 0.65, cost: 0.05, quality: 0.05, reliability: 0.1, headroom: 0.15, energy: 0 },
  },
  quality: {
    cloud: 'open',
    weights: { time: 0.1, cost: 0.05, quality: 0.65, reliability: 0.1, headroom: 0.1, energy: 0 },
  },
  cost: {
    cloud: 'overflow',
    weights: { time: 0.1, cost: 0.65, quality: 0.05, reliability: 0.05, headroom: 0.05, energy: 0.1 },
  },
  long_context: {
    cloud: 'overflow',
    weights: { time: 0.25, cost: 0.25, quality: 0.25, reliability: 0.1, headroom: 0.15, energy: 0 },
  },
  self_hosted_only: { cloud: 'never', weights: AUTO },
  cloud_only: { cloud: 'only', weights: AUTO },
};
