import type {
  Assignment,
  BackendId,
  EpochMs,
  JobId,
  JobView,
  SchedulingPolicy,
  Snapshot,
  TenantId,
} from '@spillway/core';

/** What an assignment needs to be applied; those of `plan()` have it, and more. */
export type Decided = Pick<
  Assignment,
  'job' | 'backendId' | 'virtualTokens' | 'weight' | 'reservedTokens' | 'reservedUsd'
> & { readonly prediction?: { readonly finishAtMs: EpochMs; readonly cachedTokens: number } };

/** What a policy wants done; a `Plan` is one. */
export interface Decision {
  readonly assignments: readonly Decided[];
  readonly rejections: readonly { readonly job: JobView }[];
  readonly overflowing: ReadonlyMap<string, EpochMs>;
  /** Fresh jobs that are fresh no more. */
  readonly looked: readonly JobId[];
  /** Another decision at once has more to give. */
  readonly unfinished: boolean;
}

/** Of a job that a backend holds: for policies that count what is served while it is served. */
export interface HeldJob {
  readonly id: JobId;
  readonly tenantId: TenantId;
  readonly inputTokens: number;
  readonly generated: number;
  /** How long its answer will be, which no policy may use but an oracle. */
  readonly outputTokens: number;
}

/** What simple routers read off their engines, and what oracles know. */
export interface World {
  /** The engine's own figures; of cloud backends, all zero. */
  loadOf(backendId: BackendId): {
    readonly running: number;
    readonly waiting: number;
    readonly kvUsed: number;
  };
  heldBy(backendId: BackendId): Iterable<HeldJob>;
  /** The length of an answer before it is there. */
  outputOf(jobId: JobId): number;
  /** Waiting jobs of a tenant. */
  waitingOf(tenantId: TenantId): number;
  random(): number;
}

/** One policy at work in one simulation. */
export interface Decider {
  decide(snapshot: Snapshot): Decision;
  /** A job came, and is not among the waiting yet. */
  arrive?(tenantId: TenantId): void;
  /** An answer is there. */
  settle?(tenantId: TenantId, jobId: JobId, outputTokens: number): void;
}

/** A way to decide which job goes where, by name. */
export interface Policy {
  readonly name: string;
  /** late: jobs wait in lanes until a backend has room; arrival: they are bound as they come. */
  readonly binding: 'late' | 'arrival';
  /** The order of jobs inside a lane. */
  readonly laneOrder: 'effective-deadline' | 'deadline' | 'arrival';
  /** Whom it takes for a tenant: tenants, or the API keys they hold. */
  readonly tenancy: 'tenant' | 'key';
  /** Fresh jobs it is shown: as the live scheduler is, or every arrival. */
  readonly sees: 'live' | 'every-arrival';
  /** The snapshot's policy; ageing and prefix blocks come from it. */
  readonly scheduling: SchedulingPolicy;
  open(world: World): Decider;
}
