import type { EpochMs } from '@spillway/core';

/** When waiting jobs of a model group are so many that those which come now go to the cloud. */
export interface OverflowRule {
  /** Above so many it begins. */
  readonly enter: number;
  /** Below so many it ends; the same as `enter` without hysteresis. */
  readonly leave: number;
  /** It lasts so long at least. */
  readonly dwellMs: number;
}

/** Since when the group overflows, after one more look at it; undefined while it does not. */
export function overflowsSince(
  rule: OverflowRule,
  waiting: number,
  sinceMs: EpochMs | undefined,
  nowMs: EpochMs,
): EpochMs | undefined {
  if (sinceMs === undefined) return waiting > rule.enter ? nowMs : undefined;
  const hasEnded = rule.leave === rule.enter ? waiting <= rule.enter : waiting < rule.leave;
  return hasEnded && nowMs - sinceMs >= rule.dwellMs ? undefined : sinceMs;
}
