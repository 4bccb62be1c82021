import { couldRun } from './filters/filters.ts';
import type { ModelGroup } from './model-group.ts';
import type { BackendView, JobView, LaneView, SchedulingPolicy } from './snapshot.ts';

export interface OverflowState {
  /** Whether un-pinned jobs may use the cloud now. */
  readonly open: boolean;
  /** Written to the decision. */
  readonly because: string;
  /** What the next snapshot remembers; differs from `open` where no local backend serves the group at all. */
  readonly overflowing: boolean;
  readonly trigger: 'local' | 'overflow' | 'cloud-only';
}

/**
 * Depth with hysteresis: overflow begins when more than `enter` jobs of a model group wait and ends when fewer than
 * `leave` do, so that it does not flap around one number. A group that no local backend serves is the cloud's, and so
 * is one whose local backends have all been down for a while.
 *
 * @param depth jobs of the group waiting in all lanes
 * @param local the local backends that serve the group
 */
export function decideOverflow(
  depth: number,
  wasOverflowing: boolean,
  local: readonly BackendView[],
  policy: SchedulingPolicy,
): OverflowState {
  if (local.length === 0) {
    return {
      open: true,
      overflowing: false,
      trigger: 'cloud-only',
      because: 'no local backend serves this model',
    };
  }
  const { mode, enter, leave, localDownAfterMs } = policy.overflow;
  if (mode === 'off') {
    return { open: false, overflowing: false, trigger: 'local', because: 'overflow is switched off' };
  }
  const downForMs = Math.min(...local.map(({ health }) => (health.kind === 'down' ? health.forMs : 0)));
  if (downForMs > localDownAfterMs) {
    const because = `every local backend of this model has been down for ${Math.round(downForMs / 1000)} s`;
    return { open: true, overflowing: true, trigger: 'overflow', because };
  }
  const overflowing = wasOverflowing ? depth >= leave : depth > enter;
  return overflowing
    ? {
        open: true,
        overflowing,
        trigger: 'overflow',
        because: `${depth} jobs wait: overflow began above ${enter} and ends below ${leave}`,
      }
    : {
        open: false,
        overflowing,
        trigger: 'local',
        because: `${depth} jobs wait: overflow begins above ${enter}`,
      };
}

/**
 * Overflow as one job of the group meets it: a job that no local backend could ever run would wait in vain for local
 * room, so it is the cloud's at any depth. One that may not leave local hardware stays with the group's answer.
 */
export function overflowOf(
  job: JobView,
  lane: LaneView,
  { depth, overflowing, local }: ModelGroup,
  policy: SchedulingPolicy,
): OverflowState {
  const ofGroup = decideOverflow(depth, overflowing, local, policy);
  const staysLocal = lane.pinned || job.strategy === 'self_hosted_only';
  if (staysLocal || local.length === 0 || local.some((backend) => couldRun(job, backend))) return ofGroup;
  const because =
    job.strategy === 'cloud_only' ? 'the job asks for cloud_only' : 'no local backend could run this job';
  return { ...ofGroup, open: true, trigger: 'cloud-only', because };
}
