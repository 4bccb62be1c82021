import type { EpochMs } from '../../time.ts';
import type { OverflowPolicy } from '../policy.ts';

/**
 * Depth with hysteresis: overflow begins when more than `enter` jobs of a model group wait and ends when fewer than
 * `leave` do, so that it does not flap around one number. It has no least duration: that would send jobs away which
 * local hardware has room for.
 *
 * @param depth jobs of the group waiting in all lanes
 * @param sinceMs since when the group overflows; undefined while it does not
 * @returns since when it overflows from now on
 */
export function decideDepth(
  depth: number,
  sinceMs: EpochMs | undefined,
  { enter, leave }: OverflowPolicy,
  nowMs: EpochMs,
): EpochMs | undefined {
  if (sinceMs === undefined) return depth > enter ? nowMs : undefined;
  return depth >= leave ? sinceMs : undefined;
}
