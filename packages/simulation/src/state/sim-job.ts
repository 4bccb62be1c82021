import type { EpochMs, JobId, JobView, TenantId } from '@spillway/core';
import type { Sequence } from '../engine/engine.ts';
import type { TraceJob } from '../trace-job.ts';
import type { Backend } from './backend.ts';
import type { Lane } from './lane.ts';

/** Where a job is: `waiting` in its lane; `held` by a backend; between attempts; or at its end. */
type SimJobState = 'waiting' | 'held' | 'retrying' | 'ended';

/** What is promised for a job while a backend holds it. */
export interface Holding {
  readonly backend: Backend;
  readonly virtualTokens: number;
  readonly weight: number;
  readonly reservedTokens: number;
  readonly reservedUsd: number;
  readonly predictedFinishAtMs: EpochMs | undefined;
}

/** A job of the simulation: what the trace says of it, what the scheduler sees of it, and how it goes. */
export interface SimJob {
  /** Its place in the trace. */
  readonly index: number;
  readonly trace: TraceJob;
  readonly tenantId: TenantId;
  readonly lane: Lane;
  /** Its place in the lane: earlier ones first, then by `index`. */
  readonly score: number;
  view: JobView;
  state: SimJobState;
  /** No plan has looked at it yet. */
  isFresh: boolean;
  holding: Holding | undefined;
  sequence: Sequence | undefined;
  attempts: number;
  beganAtMs: EpochMs | undefined;
}

/** Ids sort as the trace does. */
export const jobIdOf = (index: number): JobId => `job_${String(index).padStart(10, '0')}` as JobId;
export const indexOf = (id: JobId): number => Number(id.slice(4));
