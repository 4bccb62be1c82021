import type { EpochMs } from '../time.ts';
import type { Scored } from './explanation.ts';
import type { Contender } from './order/order-rule.ts';
import { decideDepth, depthBounds } from './overflow/decide-depth.ts';
import { decideOverflow } from './overflow/decide-overflow.ts';
import type { OverflowState } from './overflow/overflow-state.ts';
import type { PlanState } from './plan-state.ts';

/** What local hardware can promise a job, and whether it may use the cloud for that. */
export interface Outlook {
  /** When local hardware would have it ready; Infinity: it cannot tell, or none works. */
  readonly localFinishAtMs: EpochMs;
  readonly overflow: OverflowState;
}

/**
 * @param before jobs of its lane in front of it
 * @param local where it would run now, if local hardware has room
 */
export function outlookOf(
  state: PlanState,
  contender: Contender,
  before: number,
  local: Scored | undefined,
): Outlook {
  const { lane, job, competesAs } = contender;
  const { nowMs, policy } = state.snapshot;
  const group = state.groupOf(lane);
  const { pool, models, depth } = group;
  const localFinishAtMs =
    local?.prediction.finishAtMs ??
    nowMs + state.forecasts.localMs(pool, contender, before, state.relievedMs(pool));
  group.sinceMs = decideDepth(depth, group.sinceMs, depthBounds(policy.overflow, pool), nowMs);
  const overflow = decideOverflow(job, lane, {
    nowMs,
    policy,
    pool,
    models,
    depth,
    sinceMs: group.sinceMs,
    localFinishAtMs,
    displaced: !lane.pinned && state.displacement.asks(pool, competesAs),
  });
  return { localFinishAtMs, overflow };
}
