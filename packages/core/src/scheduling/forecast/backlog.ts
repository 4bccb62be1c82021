import { JOB_CLASSES, type JobClass } from '../../job/state.ts';
import type { TenantId } from '../../id/name.ts';
import type { LengthBook } from '../../prediction/output-length.ts';
import type { LaneView, Snapshot } from '../snapshot.ts';
import { type FairQueue, openFairQueue, type Share } from './fair-queue.ts';
import { type Pool, poolWorkMs } from './pool.ts';

/**
 * The work that waits for a pool, by class, pin and tenant, from totals of lanes: never from single jobs, so that it
 * costs O(lanes) however long they are. A lane of another model group that shares only some of the pool's backends
 * counts for that share.
 */
export interface Backlog {
  readonly pool: Pool;
  /** All that waits in lanes of a class, in ms of work of one backend. */
  workOf(jobClass: JobClass): number;
  /**
   * Work that is done before a job of this lane which has `before` of its lane's jobs in front of it, in ms of one
   * backend: more urgent classes, pinned jobs of its class, and what the fair share gives to other tenants meanwhile.
   */
  workAhead(lane: LaneView, before: number, competesAs: JobClass): number;
}

/** A lane, and the tokens that the answers of all its jobs are taken for. */
export interface LaneWork {
  readonly lane: LaneView;
  readonly outputTokens: number;
}

/** Lanes of a pool, and the share of them that this one has to work off. */
export interface PoolLanes {
  readonly lanes: readonly LaneWork[];
  readonly share: number;
}

export function openBacklog(
  pool: Pool,
  parts: readonly PoolLanes[],
  { tenants }: Snapshot,
  lengths: LengthBook,
): Backlog {
  const queues: Readonly<Record<JobClass, { readonly pinned: ClassQueue; readonly open: ClassQueue }>> = {
    interactive: { pinned: emptyQueue(), open: emptyQueue() },
    standard: { pinned: emptyQueue(), open: emptyQueue() },
    batch: { pinned: emptyQueue(), open: emptyQueue() },
  };
  const queueOf = ({ pinned }: LaneView, jobClass: JobClass): ClassQueue =>
    pinned ? queues[jobClass].pinned : queues[jobClass].open;
  const workMsOf = ({ lane, outputTokens }: LaneWork): number =>
    poolWorkMs(pool, lane.inputTokens, outputTokens);
  for (const { lanes, share } of parts) {
    for (const work of lanes) queueOf(work.lane, work.lane.jobClass).totalMs += workMsOf(work) * share;
  }
  const weightOf = (tenantId: TenantId): number => tenants.get(tenantId)?.weight ?? 1;
  const workOf = (jobClass: JobClass): number =>
    queues[jobClass].pinned.totalMs + queues[jobClass].open.totalMs;

  return {
    pool,
    workOf,
    workAhead: (lane, before, competesAs) => {
      let ahead = 0;
      for (const jobClass of JOB_CLASSES) {
        if (jobClass === competesAs) break;
        ahead += workOf(jobClass);
      }
      // Pinned ones of its class go first; a promoted job is the first of its lane and meets the class above.
      if (!lane.pinned) ahead += queues[competesAs].pinned.totalMs;
      if (before === 0 || lane.depth === 0) return ahead;
      const queue = queueOf(lane, competesAs);
      queue.fair ??= openFairQueue(sharesIn(queue));
      const { mean } = lengths.predict(lane.tenantId, lane.modelGroup, '*', Infinity);
      const own = poolWorkMs(pool, lane.inputTokens, lane.depth * mean) * (before / lane.depth);
      return ahead + queue.fair.doneBy(own / weightOf(lane.tenantId));
    },
  };

  /** What each tenant has waiting in a queue. */
  function sharesIn(queue: ClassQueue): readonly Share[] {
    const byTenant = new Map<TenantId, number>();
    for (const { lanes, share } of parts) {
      for (const work of lanes) {
        const { lane } = work;
        if (queueOf(lane, lane.jobClass) !== queue) continue;
        byTenant.set(lane.tenantId, (byTenant.get(lane.tenantId) ?? 0) + workMsOf(work) * share);
      }
    }
    return Array.from(byTenant, ([tenantId, work]) => ({ work, weight: weightOf(tenantId) }));
  }
}

/** What waits in the lanes of one class, pinned or not, in ms of work. */
interface ClassQueue {
  totalMs: number;
  /** By tenant, sorted when somebody asks for the first time. */
  fair: FairQueue | undefined;
}

const emptyQueue = (): ClassQueue => ({ totalMs: 0, fair: undefined });
