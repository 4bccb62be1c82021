import type { JobClass } from '../job/state.ts';
import { MAX_RESCUES } from '../job/rescue.ts';
import { DEFAULT_STRATEGIES, type RoutingStrategy, type StrategyProfile } from './strategy.ts';

/** When a job is given to the cloud because local hardware would be too late: `overflow/`. */
export interface OverflowPolicy {
  /** off: never. depth: by the number of waiting jobs. slack: by predicted finish and deadline; depth while blind. */
  readonly mode: 'off' | 'depth' | 'slack';
  /**
   * Depth: begins above `enter` waiting jobs of a model group for each local backend that works and serves it, ends
   * below `leave`.
   */
  readonly enter: number;
  readonly leave: number;
  /** With every local backend of a model down for this long, its jobs may use the cloud at any depth. */
  readonly localDownAfterMs: number;
  /** Slack: a job overflows when its predicted finish leaves less than this share of its whole time, 0 to 1. */
  readonly margin: Readonly<Record<JobClass, number>>;
  /** Slack is blind, and depth decides, until an engine's profile was learned from so many completions. */
  readonly blindBelowSamples: number;
}

/** Every number of a plan that is not a fact of its snapshot; the configuration sets each of them. */
export interface SchedulingPolicy {
  readonly overflow: OverflowPolicy;
  /** A job competes as an interactive one once less than this share of its whole time is left, 0 to 1. */
  readonly promotion: Readonly<Record<JobClass, number>>;
  /** Ageing bound: a job that waited longer is served like a pinned one of its class, by effective deadline. */
  readonly maxWaitMs: Readonly<Record<JobClass, number>>;
  /**
   * Virtual tokens, for each local backend that works, that a tenant may be ahead of the one served least in its class
   * before its jobs are neither promoted nor aged nor first for being pinned. A pool of a hundred serves a hundred jobs
   * of a tenant while one of another is on its way: docs/benchmarks, scale.
   */
  readonly shareTolerance: number;
  /** Batch work with the same first block is dispatched in runs of at most so many. */
  readonly groupRun: number;
  /** A local backend takes only pinned interactive jobs while a pinned one that it holds is due within this. */
  readonly pinnedGuardMs: number;
  /** Share of the KV cache that may be promised, and how many standard deviations of what is promised are kept free. */
  readonly kvHeadroom: number;
  readonly kvDeviations: number;
  /** Prompt tokens in one block of a prefix hash. */
  readonly prefixBlockTokens: number;
  /** A backend with more than this times the mean of held tokens is not chosen for its prefix cache. */
  readonly loadBound: number;
  /** Engine figures older than this are not believed: the backend gets half its slots. */
  readonly telemetryStaleMs: number;
  /** USD at which the cost scorer says one half. */
  readonly referenceUsd: number;
  /** Quality of a model, 0 to 1; one not named has `unknownQuality`. */
  readonly quality: Readonly<Record<string, number>>;
  readonly unknownQuality: number;
  readonly strategies: Readonly<Record<RoutingStrategy, StrategyProfile>>;
  /** Deaths of workers and engines after which a job is given up as their cause. */
  readonly maxRescues: number;
}

/** docs/configuration.md has the reasons for each. */
export const DEFAULT_POLICY: SchedulingPolicy = {
  overflow: {
    mode: 'slack',
    enter: 40,
    leave: 10,
    localDownAfterMs: 20_000,
    margin: { interactive: 0.55, standard: 0.5, batch: 0.1 },
    blindBelowSamples: 50,
  },
  promotion: { interactive: 1, standard: 0.6, batch: 0.1 },
  maxWaitMs: { interactive: 15_000, standard: 150_000, batch: 43_200_000 },
  shareTolerance: 5000,
  groupRun: 16,
  pinnedGuardMs: 14_000,
  kvHeadroom: 1,
  kvDeviations: 0.7,
  prefixBlockTokens: 512,
  loadBound: 2,
  telemetryStaleMs: 5000,
  referenceUsd: 0.001,
  quality: {},
  unknownQuality: 0.7,
  strategies: DEFAULT_STRATEGIES,
  maxRescues: MAX_RESCUES,
};
