import type { SchedulingPolicy } from '@spillway/core';
import type { Deployment, PolicyReport, TraceRecord, TraceShape } from '@spillway/simulation';

/** What a process that simulates gets once: everything its runs have in common. */
export interface RunSetup {
  readonly records: readonly TraceRecord[];
  /** The seed comes with each run. */
  readonly shape: Omit<TraceShape, 'seed'>;
  readonly deployment: Deployment;
  readonly scheduling: SchedulingPolicy;
}

/** One policy over the whole trace. */
export interface PolicyRun {
  readonly policy: string;
  readonly seed: number;
}

export type Order =
  | { readonly kind: 'setup'; readonly setup: RunSetup }
  | { readonly kind: 'run'; readonly run: PolicyRun };

export type Answer =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'report'; readonly report: PolicyReport };
