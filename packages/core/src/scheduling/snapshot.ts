import type { PrefixHashes, PrefixLookup } from '../affinity/prefix-lookup.ts';
import type { BackendLocation, Endpoint } from '../backend/inference-backend.ts';
import type { JobId } from '../id/id.ts';
import type { BackendId, TenantId } from '../id/name.ts';
import type { JobClass } from '../job/state.ts';
import type { CloudLatency } from '../prediction/cloud-latency.ts';
import type { EngineProfile } from '../prediction/engine-profile.ts';
import type { OutputLengths } from '../prediction/output-length.ts';
import type { EpochMs } from '../time.ts';
import type { SchedulingPolicy } from './policy.ts';
import type { RoutingStrategy } from './strategy.ts';

/** A ready job as the plan sees it: features only, never its text. */
export interface JobView {
  readonly id: JobId;
  /** The fence it has now; a commit that finds another one is refused. */
  readonly fence: number;
  readonly endpoint: Endpoint;
  readonly strategy: RoutingStrategy;
  /** What kind of work it is, as far as lengths of answers go; names of at most 32 characters. */
  readonly task: string;
  readonly submittedAtMs: EpochMs;
  /** Since when it waits this time: a retry has not waited while it ran. */
  readonly queuedAtMs: EpochMs;
  readonly deadlineAtMs: EpochMs;
  readonly inputTokens: number;
  /** The most the answer may take. */
  readonly outputTokens: number;
  readonly prefix: PrefixHashes;
  /** The least quality, 0 to 1, of a model that may serve it. */
  readonly minQuality?: number;
  /** The most it may cost in the cloud. */
  readonly maxCostUsd?: number;
  /** Times a worker or an engine died with this job in its hands. */
  readonly rescues: number;
  /** Backends whose failure asked for another one. */
  readonly excluded: readonly BackendId[];
}

/** Ready jobs of one class, model group, tenant and pin, by effective deadline: deadline or ageing bound. */
export interface LaneView {
  readonly key: string;
  readonly jobClass: JobClass;
  readonly modelGroup: string;
  readonly tenantId: TenantId;
  readonly pinned: boolean;
  /** All jobs in the lane. */
  readonly depth: number;
  /** Prompt tokens of all of them. */
  readonly inputTokens: number;
  /** The first of them: never the whole lane, so a tick does not grow with the backlog. */
  readonly head: readonly JobView[];
}

/** A job that no plan has looked at yet, wherever in its lane it stands. */
export interface FreshJob {
  readonly laneKey: string;
  readonly job: JobView;
  /** Jobs before it in its lane. */
  readonly ahead: number;
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
  /** Prompt and predicted answer tokens of what it holds. */
  readonly heldTokens: number;
  /** Those of the jobs it holds that are on their last chance: one more death, and they are given up. */
  readonly suspects: number;
  readonly kvCapacityTokens?: number;
  readonly contextTokens?: number;
  /** Not before this instant: the backend asked for a pause, or failed too often. */
  readonly coolingUntilMs: EpochMs;
  /** USD per million tokens; undefined when nobody knows the price. Only of cloud backends. */
  readonly price?: { readonly inputUsdPerMillion: number; readonly outputUsdPerMillion: number };
  /** Of a local engine; undefined: the published constants. */
  readonly profile?: EngineProfile;
  /** Of a cloud backend; undefined: a typical one. */
  readonly latency?: CloudLatency;
  /** Since the engine's own figures were read; undefined where there are none. */
  readonly telemetryAgeMs?: number;
  /** Shares of its attempts, 0 to 1: those that succeeded, and those that took too long. */
  readonly reliability?: { readonly succeeded: number; readonly timedOut: number };
  /** What a token costs a local backend. */
  readonly energy?: { readonly joulesPerToken: number; readonly usdPerKwh: number };
  /** The next deadline among the pinned jobs it holds, and whose job that is. */
  readonly pinnedDue?: { readonly atMs: EpochMs; readonly tenantId: TenantId };
  /** Until when the prompts it was given are being computed, by the profile; a moment of the past: none is. */
  readonly prefillBusyUntilMs?: EpochMs;
  /** What the provider's limits leave until they are renewed. */
  readonly rateLimit?: { readonly requestsLeft: number; readonly tokensLeft: number };
}

export interface TenantView {
  readonly weight: number;
  /** Tokens charged so far, divided by weight. */
  readonly virtualTokens: number;
}

/** Money that may still be promised. */
export interface BudgetView {
  readonly name: string;
  /** Whose spending it bounds; without either, everybody's. */
  readonly backendId?: BackendId;
  readonly tenantId?: TenantId;
  readonly leftUsd: number;
}

/** Everything a plan is made from. Same snapshot, same plan. */
export interface Snapshot {
  readonly nowMs: EpochMs;
  readonly backends: readonly BackendView[];
  readonly lanes: readonly LaneView[];
  /** A bounded number of them; the others come with the next snapshots. */
  readonly fresh: readonly FreshJob[];
  readonly tenants: ReadonlyMap<TenantId, TenantView>;
  /** Model group → the models that may serve it, best first. */
  readonly modelGroups: ReadonlyMap<string, readonly string[]>;
  readonly outputLengths: OutputLengths;
  readonly prefixes: PrefixLookup;
  readonly budgets: readonly BudgetView[];
  /** Model groups that were overflowing by depth after the last plan, and since when. */
  readonly overflowing: ReadonlyMap<string, EpochMs>;
  readonly policy: SchedulingPolicy;
}
