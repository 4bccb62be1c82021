import type { OverflowPolicy } from '@spillway/core';
import type { ClassMix } from '@spillway/simulation';

/** One simulation of a policy over the trace. */
export interface OverflowAsk {
  /** As `parsePolicy` reads it. */
  readonly policy: string;
  readonly seed: number;
  readonly load: number;
  readonly mix: ClassMix;
  /** Share of pinned jobs. */
  readonly pinned: number;
  readonly powerLimitPercent: number;
  /** In place of the policy's own; only of `spillway`. */
  readonly margin?: Partial<OverflowPolicy['margin']>;
  readonly late: 'run' | 'expire';
}

/** What it came to. Shares are of 1. */
export interface OverflowAnswer {
  readonly missed: { readonly interactive: number; readonly standard: number; readonly batch: number };
  readonly pinned: PinnedMisses;
  readonly p99InteractiveSeconds: number;
  readonly cloudShare: number;
  readonly usd: number;
  readonly usdPerHour: number;
  readonly kwh: number;
  readonly flips: number;
}

/** Pinned jobs that were late, each counted once. */
export interface PinnedMisses {
  readonly jobs: number;
  readonly missed: number;
  readonly missedInteractive: number;
  /** Those that no order of service could have had in time: too long for an engine that does nothing else. */
  readonly impossible: number;
  /** Those that began within a second, and were still late: an answer among many is written slowly. */
  readonly slow: number;
}
