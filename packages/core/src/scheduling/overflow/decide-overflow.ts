import type { EpochMs } from '../../time.ts';
import { anyCouldServe } from '../could-serve.ts';
import type { Trigger } from '../explanation.ts';
import type { Pool } from '../forecast/pool.ts';
import type { SchedulingPolicy } from '../policy.ts';
import type { JobView, LaneView } from '../snapshot.ts';
import { lateByMs } from './decide-slack.ts';
import { explainOverflow } from './explain-overflow.ts';
import type { OverflowState } from './overflow-state.ts';

export interface OverflowContext {
  readonly nowMs: EpochMs;
  readonly policy: SchedulingPolicy;
  readonly pool: Pool;
  /** The models that may serve the job, best first. */
  readonly models: readonly string[];
  /** Jobs of the model group waiting. */
  readonly depth: number;
  /** Since when the group overflows by depth, this plan included. */
  readonly sinceMs: EpochMs | undefined;
  /** When local hardware would have the job ready; Infinity: it cannot tell, or none works. */
  readonly localFinishAtMs: EpochMs;
  /** A pinned job needs the room that this one would take. */
  readonly displaced: boolean;
}

/** What each ruling comes to: `local`, the cloud is closed; anything else is what opens it. */
const RULINGS = {
  'asks-for-cloud': 'strategy',
  'never-cloud': 'local',
  'open-to-cloud': 'strategy',
  'none-serves': 'cloud-only',
  'none-could-run': 'cloud-only',
  'switched-off': 'local',
  'local-down': 'local-down',
  'few-wait': 'local',
  'many-wait': 'depth',
  displaced: 'displaced',
  'none-works-for-now': 'local',
  'none-works-in-time': 'slack',
  'in-time': 'local',
  late: 'slack',
} as const satisfies Readonly<Record<string, Trigger>>;
export type Ruling = keyof typeof RULINGS;

/** Whether one job may use the cloud, and why: the client's choice first, then what local hardware can do. */
export const decideOverflow = (job: JobView, lane: LaneView, context: OverflowContext): OverflowState =>
  new RuledState(ruleOn(job, lane, context), job, lane, context);

function ruleOn(job: JobView, lane: LaneView, context: OverflowContext): Ruling {
  const { nowMs, policy, pool, sinceMs, localFinishAtMs } = context;
  const { cloud } = policy.strategies[job.strategy];
  if (cloud === 'only') return 'asks-for-cloud';
  if (cloud === 'never') return 'never-cloud';
  if (cloud === 'open') return 'open-to-cloud';
  if (pool.backends.length === 0) return 'none-serves';
  if (!lane.pinned && !anyCouldServe(job, pool.backends, context)) return 'none-could-run';

  const { mode, localDownAfterMs, margin, blindBelowSamples } = policy.overflow;
  if (mode === 'off') return 'switched-off';
  if (pool.downForMs > localDownAfterMs) return 'local-down';
  if (mode === 'depth' || pool.samples < blindBelowSamples)
    return sinceMs === undefined ? 'few-wait' : 'many-wait';
  if (context.displaced) return 'displaced';
  const share = margin[lane.jobClass];
  if (!Number.isFinite(localFinishAtMs))
    return lateByMs(nowMs, job, share) > 0 ? 'none-works-in-time' : 'none-works-for-now';
  return lateByMs(localFinishAtMs, job, share) > 0 ? 'late' : 'in-time';
}

class RuledState implements OverflowState {
  readonly trigger: Trigger;
  readonly #ruling: Ruling;
  readonly #job: JobView;
  readonly #lane: LaneView;
  readonly #context: OverflowContext;

  constructor(ruling: Ruling, job: JobView, lane: LaneView, context: OverflowContext) {
    this.trigger = RULINGS[ruling];
    this.#ruling = ruling;
    this.#job = job;
    this.#lane = lane;
    this.#context = context;
  }

  get open(): boolean {
    return this.trigger !== 'local';
  }

  because(): string {
    return explainOverflow(this.#ruling, this.#job, this.#lane, this.#context);
  }
}
