import type { EpochMs } from '../time.ts';
import type { BackendLoad } from './backend-load.ts';
import type { Joining, Pool } from './forecast/pool.ts';
import { decideDepth, depthBounds } from './overflow/decide-depth.ts';
import type { SchedulingPolicy } from './policy.ts';
import type { RefusedRoom } from './refused-room.ts';

/** What a plan knows of one model group, and how it changes as the plan goes on. */
export interface ModelGroup {
  readonly name: string;
  readonly models: readonly string[];
  readonly pool: Pool;
  local: readonly BackendLoad[];
  cloud: readonly BackendLoad[];
  /** Backends that serve none of its models. */
  readonly others: readonly BackendLoad[];
  readonly leastJoulesPerToken: number;
  /** Of its local backends, what the largest holds at once. */
  readonly mostSlots: number;
  /** Virtual tokens a tenant may be ahead: the policy's, for each backend that serves it. */
  readonly shareTolerance: number;
  /** What the jobs that wait are like. */
  readonly joining: Joining;
  /** Jobs still waiting. */
  depth: number;
  /** Since when it overflows by depth. */
  sinceMs: EpochMs | undefined;
  /** Whether some backend of each kind may still take a job: once none can, none can in this plan. */
  localHasRoom: boolean;
  /** What local backends have no room for any more. */
  readonly refused: RefusedRoom;
  /** Its local backends' room belongs to jobs that the snapshot does not show. */
  isKept: boolean;
  cloudHasRoom: boolean;
}

/** Whether a backend may take any job at all now. */
export const hasRoom = (
  { health, coolingUntilMs, held, slots, rateLimit, keptForEarlier }: BackendLoad,
  nowMs: EpochMs,
): boolean =>
  held < slots &&
  health.kind === 'up' &&
  coolingUntilMs <= nowMs &&
  rateLimit.requestsLeft >= 1 &&
  keptForEarlier === undefined;

/** One job of the group waits no more, which may end its overflow by depth. */
export function oneLess(group: ModelGroup, { overflow }: SchedulingPolicy, nowMs: EpochMs): void {
  group.depth -= 1;
  group.sinceMs = decideDepth(group.depth, group.sinceMs, depthBounds(overflow, group.pool), nowMs);
}

/** Puts what became of a backend in its place in every group that it serves. */
export function replaceLoad(
  groups: Iterable<ModelGroup>,
  old: BackendLoad,
  now: BackendLoad,
  nowMs: EpochMs,
): void {
  const isOpen = hasRoom(now, nowMs);
  for (const group of groups) {
    for (const kind of ['local', 'cloud'] as const) {
      const index = group[kind].indexOf(old);
      if (index !== -1) group[kind] = group[kind].with(index, now);
    }
    // One without room may have been the last of a group that had any.
    if (isOpen) continue;
    group.localHasRoom &&= group.local.some((load) => hasRoom(load, nowMs));
    group.cloudHasRoom &&= group.cloud.some((load) => hasRoom(load, nowMs));
  }
}
