import type { AttemptOutcome, BackendId, WorkerId } from '@spillway/core';
import type { BackendDescriptor, Claim } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import type { AttemptMetrics } from './attempt-metrics.ts';
import type { Judgement } from './judge-attempt.ts';
import type { WorkerStore } from './worker-store.ts';

export interface WorkerLoopOptions {
  readonly workerId: WorkerId;
  readonly backendId: BackendId;
  readonly location: 'local' | 'cloud';
  /** What the backend offers now; asked with every heartbeat. */
  describe(): { readonly descriptor: BackendDescriptor; readonly slots: number };
  /**
   * What has to be known before the first claim, also after a standby: what the worker before has left is still there.
   * A rejection is tried again with the next heartbeat.
   */
  prepare?(): Promise<void>;
  /** One attempt at the backend. Should not reject and end soon after the signal aborts; a breach costs the attempt. */
  run(claim: Claim, signal: AbortSignal): Promise<AttemptOutcome>;
  /** Hears of each attempt that says something of the backend, in the order they ended. */
  onJudged?(judgement: Judgement): void;
  readonly store: WorkerStore;
  readonly logger: Logger;
  readonly metrics: AttemptMetrics;
  /** A number in [0, 1), for backoff. */
  readonly random: () => number;
  /** How long a drain lets running attempts finish before it gives them back. */
  readonly drainMs: number;
}
