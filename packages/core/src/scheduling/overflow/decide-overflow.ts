import type { EpochMs } from '../../time.ts';
import { couldServe } from '../could-serve.ts';
import type { Pool } from '../forecast/pool.ts';
import type { SchedulingPolicy } from '../policy.ts';
import type { JobView, LaneView } from '../snapshot.ts';
import { lateByMs } from './decide-slack.ts';
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

/** Whether one job may use the cloud, and why: the client's choice first, then what local hardware can do. */
export function decideOverflow(job: JobView, lane: LaneView, context: OverflowContext): OverflowState {
  const { nowMs, policy, pool, depth, sinceMs, localFinishAtMs } = context;
  const { cloud } = policy.strategies[job.strategy];
  if (cloud === 'only') return open('strategy', () => `the job asks for ${job.strategy}`);
  if (cloud === 'never') return closed(() => `strategy ${job.strategy} never uses the cloud`);
  if (cloud === 'open')
    return open('strategy', () => `strategy ${job.strategy} may use the cloud at any time`);
  if (pool.backends.length === 0) return open('cloud-only', () => 'no local backend serves this model');
  if (!lane.pinned && !pool.backends.some((backend) => couldServe(job, backend, context)))
    return open('cloud-only', () => 'no local backend could run this job');

  const { mode, enter, leave, localDownAfterMs, margin, blindBelowSamples } = policy.overflow;
  if (mode === 'off') return closed(() => 'overflow is switched off');
  const { downForMs } = pool;
  if (downForMs > localDownAfterMs) {
    return open(
      'local-down',
      () => `every local backend of this model has been down for ${seconds(downForMs)} s`,
    );
  }
  const isBlind = pool.samples < blindBelowSamples;
  if (mode === 'depth' || isBlind) {
    const blind =
      mode === 'depth' ? '' : ` (by depth: ${pool.samples} of ${blindBelowSamples} completions are known)`;
    return sinceMs === undefined
      ? closed(() => `${depth} jobs wait: overflow begins above ${enter}${blind}`)
      : open(
          'depth',
          () => `${depth} jobs wait: overflow began above ${enter} and ends below ${leave}${blind}`,
        );
  }
  if (context.displaced) return open('displaced', () => 'a pinned job needs the room to be in time');
  if (!Number.isFinite(localFinishAtMs)) {
    return lateByMs(nowMs, job, margin[lane.jobClass]) > 0
      ? open('slack', () => 'no local backend works, and the job cannot wait until one does')
      : closed(() => 'no local backend works, which may pass');
  }
  const lateMs = lateByMs(localFinishAtMs, job, margin[lane.jobClass]);
  const because = (): string => {
    const share = margin[lane.jobClass];
    const inTime = lateMs > 0 ? '' : ': in time';
    return `local hardware would be ready in ${seconds(localFinishAtMs - nowMs)} s${inTime}, due in ${seconds(job.deadlineAtMs - nowMs)} s with a margin of ${share}`;
  };
  return lateMs > 0 ? open('slack', because) : closed(because);
}

const open = (trigger: OverflowState['trigger'], because: () => string): OverflowState => ({
  open: true,
  trigger,
  because,
});
const closed = (because: () => string): OverflowState => ({ open: false, trigger: 'local', because });

const seconds = (ms: number): string => (ms / 1000).toFixed(ms < 10_000 ? 1 : 0);
