import type { EpochMs } from '../../time.ts';
import type { Pool } from '../forecast/pool.ts';
import type { OverflowPolicy } from '../policy.ts';

/** More jobs than `enter` begin overflow, fewer than `leave` end it. */
export type DepthBounds = Pick<OverflowPolicy, 'enter' | 'leave'>;

/** The bounds are of one backend: a pool of ten has ten times as many jobs wait for as long. */
export const depthBounds = (
  { enter, leave }: OverflowPolicy,
  { working }: Pick<Pool, 'working'>,
): DepthBounds => {
  const backends = Math.max(1, working);
  return { enter: enter * backends, leave: leave * backends };
};

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
  { enter, leave }: DepthBounds,
  nowMs: EpochMs,
): EpochMs | undefined {
  if (sinceMs === undefined) return depth > enter ? nowMs : undefined;
  return depth >= leave ? sinceMs : undefined;
}
