import type { EpochMs } from '../time.ts';
import type { BackendLoad } from './backend-load.ts';
import type { Joining, Pool } from './forecast/pool.ts';

/** What a plan knows of one model group, and how it changes as the plan goes on. */
export interface ModelGroup {
  readonly name: string;
  readonly models: readonly string[];
  readonly pool: Pool;
  readonly local: readonly BackendLoad[];
  readonly cloud: readonly BackendLoad[];
  /** Backends that serve none of its models. */
  readonly others: readonly BackendLoad[];
  readonly leastJoulesPerToken: number;
  /** What the jobs that wait are like. */
  readonly joining: Joining;
  /** Jobs still waiting. */
  depth: number;
  /** Since when it overflows by depth. */
  sinceMs: EpochMs | undefined;
  /** Whether some backend of each kind may still take a job: once none can, none can in this plan. */
  localHasRoom: boolean;
  /** KV tokens that no local backend has room for any more: a job that needs as many need not ask. */
  refusedTokens: number;
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

/** A backend without room may have been the last one of some groups that had any. */
export function closeIfFull(groups: Iterable<ModelGroup>, load: BackendLoad, nowMs: EpochMs): void {
  if (hasRoom(load, nowMs)) return;
  for (const group of groups) {
    if (group.local.includes(load)) group.localHasRoom = group.local.some((one) => hasRoom(one, nowMs));
    if (group.cloud.includes(load)) group.cloudHasRoom = group.cloud.some((one) => hasRoom(one, nowMs));
  }
}
