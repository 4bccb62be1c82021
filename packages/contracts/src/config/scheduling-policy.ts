import { DEFAULT_POLICY, type SchedulingPolicy } from '@spillway/core';
import type { Config } from './config.ts';

/** The configuration as the plan reads it: seconds become ms, names become the plan's. */
export function schedulingPolicy({ routing }: Pick<Config, 'routing'>): SchedulingPolicy {
  const { overflow, affinity } = routing;
  return {
    overflow: {
      mode: overflow.mode,
      enter: overflow.depth.enter,
      leave: overflow.depth.leave,
      localDownAfterMs: toMs(overflow.local_down_after_seconds),
      margin: overflow.margin,
      blindBelowSamples: overflow.blind_below_samples,
    },
    promotion: { ...routing.promotion, interactive: DEFAULT_POLICY.promotion.interactive },
    maxWaitMs: {
      interactive: toMs(routing.max_wait_seconds.interactive),
      standard: toMs(routing.max_wait_seconds.standard),
      batch: toMs(routing.max_wait_seconds.batch),
    },
    groupRun: routing.batch_group_run,
    shareTolerance: routing.share_tolerance_tokens,
    pinnedGuardMs: toMs(routing.pinned_guard_seconds),
    kvHeadroom: routing.kv_headroom,
    kvDeviations: routing.kv_deviations,
    prefixBlockTokens: affinity.block_tokens,
    loadBound: affinity.load_bound,
    telemetryStaleMs: toMs(routing.telemetry_stale_seconds),
    referenceUsd: routing.reference_usd,
    quality: routing.quality,
    unknownQuality: routing.unknown_quality,
    strategies: routing.strategies,
    maxRescues: DEFAULT_POLICY.maxRescues,
  };
}

const toMs = (seconds: number): number => Math.round(seconds * 1000);
