/** One simulation of a policy: on one cell, or on many that share the same jobs by chance. */
export interface ScaleAsk {
  /** As `parsePolicy` reads it. */
  readonly policy: string;
  readonly seed: number;
  /** Times what one engine is offered by the trace. */
  readonly load: number;
  readonly cells: number;
  /** Engines of each cell. */
  readonly gpus: number;
  /** Of all cells together. */
  readonly tenants: number;
  readonly requests: number;
  /** known: the engines have been at work for a while; learned: nobody has seen them yet. */
  readonly profiles: 'known' | 'learned';
}

/** What it came to, of all cells together. Shares are of 1. */
export interface ScaleAnswer {
  readonly missed: { readonly interactive: number; readonly standard: number; readonly batch: number };
  readonly pinnedMissed: number;
  /** Missed by the ten tenants that asked for most, and by all others. */
  readonly missedByLargest: number;
  readonly missedByOthers: number;
  readonly cloudShare: number;
  /** Batch jobs in the cloud: they have until tomorrow. */
  readonly batchInCloud: number;
  readonly usdPerHourPerGpu: number;
  /** Of interactive jobs, from submission until an attempt began; then of those that are pinned. */
  readonly p99WaitSeconds: number;
  readonly p99WaitPinnedSeconds: number;
  readonly plans: number;
  readonly planMs: { readonly p50: number; readonly p99: number };
  /** Time spent on plans, as a share of the time until the last job had ended: of one core. */
  readonly planningShare: number;
  readonly mostLanes: number;
  readonly arrivalSeconds: number;
  readonly tookSeconds: number;
}
