import type { EpochMs } from '@spillway/core';
import type { EngineMetrics } from './engine-metrics.ts';

export type Progress = { readonly kind: 'working' } | { readonly kind: 'stalled'; readonly sinceMs: EpochMs };

export interface ProgressWatchdog {
  /** Judges one scrape; times must not decrease. */
  observe(nowMs: EpochMs, metrics: EngineMetrics): Progress;
}

/**
 * Notices an engine that hangs while its server answers: it has requests, but for `stallAfterMs` neither reads nor
 * writes a token. /health and /version do not show that. An engine that does not tell is never called stalled.
 */
export function createProgressWatchdog({
  stallAfterMs = 30_000,
}: { readonly stallAfterMs?: number } = {}): ProgressWatchdog {
  let tokens: number | undefined;
  let movedAtMs: EpochMs | undefined;
  return {
    observe: (nowMs, metrics) => {
      const now = tokensOf(metrics);
      const idle = (metrics.running ?? 0) + (metrics.waiting ?? 0) === 0;
      // any change counts, so that a restarted engine, whose counters begin at 0 again, starts afresh
      if (idle || now === undefined || now !== tokens || movedAtMs === undefined) movedAtMs = nowMs;
      tokens = now;
      return nowMs - movedAtMs >= stallAfterMs
        ? { kind: 'stalled', sinceMs: movedAtMs }
        : { kind: 'working' };
    },
  };
}

const tokensOf = ({ promptTokensTotal, generationTokensTotal }: EngineMetrics): number | undefined =>
  promptTokensTotal === undefined || generationTokensTotal === undefined
    ? undefined
    : promptTokensTotal + generationTokensTotal;
