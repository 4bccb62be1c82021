import type { EpochMs } from '../time.ts';
import type { Scored } from './explanation.ts';
import type { ModelGroup } from './model-group.ts';
import type { Contender } from './order/order-rule.ts';
import { decideOverflow } from './overflow/decide-overflow.ts';
import type { OverflowState } from './overflow/overflow-state.ts';
import type { PlanState } from './plan-state.ts';

/** What local hardware can promise a job, and whether it may use the cloud for that. */
export interface Outlook {
  /** When local hardware would have it ready; Infinity: it cannot tell, or none works. */
  readonly localFinishAtMs: EpochMs;
  readonly overflow: OverflowState;
  /** Jobs of its model group that waited when its turn came. */
  readonly depth: number;
}

/** How far a plan has come for a model group: what is asked for later is answered as it stood then. */
export interface Moment {
  /** Jobs still waiting, and since when the group overflows by depth. */
  readonly depth: number;
  readonly sinceMs: EpochMs | undefined;
  /** Work that this plan has taken from the front of the pool's queue, in ms of one backend. */
  readonly relievedMs: number;
}

export const momentOf = (state: PlanState, { pool, depth, sinceMs }: ModelGroup): Moment => ({
  depth,
  sinceMs,
  relievedMs: state.relievedMs(pool),
});

/**
 * @param before jobs of its lane in front of it
 * @param local where it would run now, if local hardware has room
 */
export function outlookOf(
  state: PlanState,
  contender: Contender,
  before: number,
  { depth, sinceMs, relievedMs }: Moment,
  local: Scored | undefined,
): Outlook {
  const { lane, job, competesAs } = contender;
  const { nowMs, policy } = state.snapshot;
  const { pool, models } = state.groupOf(lane);
  const localFinishAtMs =
    local?.prediction.finishAtMs ?? nowMs + state.forecasts.localMs(pool, contender, before, relievedMs);
  const overflow = decideOverflow(job, lane, {
    nowMs,
    policy,
    pool,
    models,
    depth,
    sinceMs,
    localFinishAtMs,
    displaced: !lane.pinned && state.displacement.asks(pool, competesAs),
  });
  return { localFinishAtMs, overflow, depth };
}
