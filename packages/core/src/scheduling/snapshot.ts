import type { BackendLocation, Endpoint } from '../backend/inference-backend.ts';
import type { JobId } from '../id/id.ts';
import type { BackendId, TenantId } from '../id/name.ts';
import { MAX_RESCUES } from '../job/rescue.ts';
import type { JobClass } from '../job/state.ts';
import type { EpochMs } from '../time.ts';

/** What the client chose about where a job may run. */
export const ROUTING_STRATEGIES = ['auto', 'self_hosted_only', 'cloud_only'] as const;
export type RoutingStrategy = (typeof ROUTING_STRATEGIES)[number];

/** A ready job as the plan sees it: features only, never its text. */
export interface JobView {
  readonly id: JobId;
  /** The fence it has now; a commit that finds another one is refused. */
  readonly fence: number;
  readonly endpoint: Endpoint;
  readonly strategy: RoutingStrategy;
  readonly queuedAtMs: EpochMs;
  readonly deadlineAtMs: EpochMs;
  readonly inputTokens: number;
  /** The most the answer may take. */
  readonly outputTokens: number;
  /** Times a worker or an engine died with this job in its hands. */
  readonly rescues: number;
  /** Backends whose failure asked for another one. */
  readonly excluded: readonly BackendId[];
}

/** Ready jobs of one class, model group, tenant and pin, by effective deadline. */
export interface LaneView {
  readonly key: string;
  readonly jobClass: JobClass;
  readonly modelGroup: string;
  readonly tenantId: TenantId;
  readonly pinned: boolean;
  /** All jobs in the lane. */
  readonly depth: number;
  /** The first of them: never the whole lane, so a tick does not grow with the backlog. */
  readonly head: readonly JobView[];
}

/** Down: its engine or provider does not answer, or no worker of it has been heard of. */
export type BackendHealth =
  | { readonly kind: 'up' }
  | { readonly kind: 'down'; readonly forMs: number; readonly because: string };

export interface BackendView {
  readonly id: BackendId;
  readonly location: BackendLocation;
  /** The names clients use for the models it serves. */
  readonly models: readonly string[];
  readonly endpoints: readonly Endpoint[];
  readonly health: BackendHealth;
  /** Attempts it may hold at once, dispatched ones included. */
  readonly slots: number;
  readonly held: number;
  /** Prompt and answer tokens of what it holds. */
  readonly heldTokens: number;
  /** Those of the jobs it holds that are on their last chance: one more death, and they are given up. */
  readonly suspects: number;
  readonly kvCapacityTokens?: number;
  readonly contextTokens?: number;
  /** Not before this instant: the backend asked for a pause, or failed too often. */
  readonly coolingUntilMs: EpochMs;
  /** USD per million tokens; undefined when nobody knows the price. Local backends cost their electricity: 0 here. */
  readonly price?: { readonly inputUsdPerMillion: number; readonly outputUsdPerMillion: number };
}

export interface TenantView {
  readonly weight: number;
  /** Tokens charged so far, divided by weight. */
  readonly virtualTokens: number;
}

export interface SchedulingPolicy {
  readonly overflow: {
    readonly mode: 'off' | 'depth';
    readonly enter: number;
    readonly leave: number;
    /** With every local backend of a model down for this long, its jobs may use the cloud at any depth. */
    readonly localDownAfterMs: number;
  };
  /** Share of the KV cache that may be promised. */
  readonly kvHeadroom: number;
  /** Deaths of workers and engines after which a job is given up as their cause. */
  readonly maxRescues: number;
}

/** 20 s: longer than a worker takes to restart, so a restart costs no cloud money. 0.9: room for blocks half used. */
export const DEFAULT_POLICY: SchedulingPolicy = {
  overflow: { mode: 'depth', enter: 40, leave: 10, localDownAfterMs: 20_000 },
  kvHeadroom: 0.9,
  maxRescues: MAX_RESCUES,
};

/** Everything a plan is made from. Same snapshot, same plan. */
export interface Snapshot {
  readonly nowMs: EpochMs;
  readonly backends: readonly BackendView[];
  readonly lanes: readonly LaneView[];
  readonly tenants: ReadonlyMap<TenantId, TenantView>;
  /** Model group → the models that may serve it, best first. */
  readonly modelGroups: ReadonlyMap<string, readonly string[]>;
  /** Model groups that were overflowing after the last plan. */
  readonly overflowing: ReadonlySet<string>;
  readonly policy: SchedulingPolicy;
}
