import { type Config, DEFAULT_TENANT, schedulingPolicy } from '@spillway/contracts';
import {
  BURST_CREDIT,
  type EpochMs,
  type JobView,
  type LaneView,
  type SchedulingPolicy,
} from '@spillway/core';
import { laneKey, type NewJob, type StoreSnapshot } from '@spillway/redis';

/** A state of the store in which a job waits that is not there, and where it stands. */
export interface PlacedJob {
  readonly store: StoreSnapshot;
  readonly job: JobView;
  readonly lane: LaneView;
  /** Jobs before it in its lane: exact as far as the heads go, and behind them at most so many. */
  readonly ahead: number;
  /** About where it stands among those of its model group, as a submission is told: 1 for the next one. */
  readonly position: number;
}

/** Puts a job in line as if it had been submitted at the instant of the snapshot. */
export function placeJob(newJob: NewJob, store: StoreSnapshot, config: Config): PlacedJob {
  const policy = schedulingPolicy(config);
  const job = viewOf(newJob, store.nowMs);
  const key = laneKey(newJob.lane);
  const empty: LaneView = { key, ...newJob.lane, depth: 0, inputTokens: 0, head: [] };
  const before = store.lanes.find((lane) => lane.key === key) ?? empty;
  const ahead = earlierThan(job, before, policy);
  const isInHead = ahead < before.head.length || before.head.length === before.depth;
  const lane: LaneView = {
    ...before,
    depth: before.depth + 1,
    inputTokens: before.inputTokens + job.inputTokens,
    head: isInHead ? before.head.toSpliced(ahead, 0, job) : before.head,
  };
  const others = store.lanes.filter((other) => other.key !== key);
  // Behind the heads a plan looks at jobs that may go elsewhere at once, or soon, the first time it sees them.
  const isFresh = !isInHead && !lane.pinned && (lane.jobClass !== 'batch' || newJob.cloudAtOnce === true);
  return {
    job,
    lane,
    ahead,
    position: 1 + ahead + jobsAheadIn(others, lane, ahead, config),
    store: {
      ...store,
      lanes: [...others, lane],
      fresh: isFresh ? [...store.fresh, { laneKey: key, job, ahead }] : store.fresh,
      virtualTokens: welcomed(lane.tenantId, store),
    },
  };
}

const viewOf = ({ id, features, deadlineMs }: NewJob, nowMs: EpochMs): JobView => ({
  id,
  fence: 0,
  ...features,
  submittedAtMs: nowMs,
  queuedAtMs: nowMs,
  deadlineAtMs: nowMs + deadlineMs,
  rescues: 0,
  excluded: [],
});

/** Jobs of a lane that are due before this one; at most so many where its head does not go that far. */
function earlierThan(job: JobView, { head, depth, jobClass }: LaneView, policy: SchedulingPolicy): number {
  const bound = policy.maxWaitMs[jobClass];
  const dueAt = ({ deadlineAtMs, submittedAtMs }: JobView): EpochMs =>
    Math.min(deadlineAtMs, submittedAtMs + bound);
  const place = head.findIndex((other) => dueAt(other) > dueAt(job));
  return place === -1 ? depth : place;
}

const RANK = { interactive: 0, standard: 1, batch: 2 } as const;

/**
 * Jobs of other lanes that go before one: more urgent classes; of its class what is pinned, if it is not; and of each
 * other tenant as many as its weight lets by meanwhile. The store counts in the same way, see `lib/position.lua`.
 */
function jobsAheadIn(
  others: readonly LaneView[],
  { modelGroup, jobClass, tenantId, pinned }: LaneView,
  ahead: number,
  { tenants }: Config,
): number {
  const weightOf = (id: LaneView['tenantId']): number => (tenants[id] ?? DEFAULT_TENANT).weight;
  let jobs = 0;
  for (const other of others) {
    if (other.modelGroup !== modelGroup || RANK[other.jobClass] > RANK[jobClass]) continue;
    const goesFirst = RANK[other.jobClass] < RANK[jobClass] || (other.pinned && !pinned);
    if (goesFirst) jobs += other.depth;
    else if (other.pinned === pinned) {
      const share = ((ahead + 1) * weightOf(other.tenantId)) / weightOf(tenantId);
      jobs += Math.min(other.depth, Math.floor(share));
    }
  }
  return jobs;
}

/**
 * A tenant that comes back from idle begins as at a submission, see `lib/fairness.lua`: with the one to be served next,
 * less the credit for a burst. A snapshot knows less than the store:
 * - Of those that wait it has the counters, not what they count for where others begin: who is on credit, or was given
 *   tokens back, stands lower here by as much.
 * - Of a tenant that nothing waits of it has the counter only while a backend makes room for its pinned job; else that
 *   is taken for 0.
 * - While nobody waits a submission begins with the one served last: whose counter that is, it does not tell. There is
 *   nobody to go before then.
 */
function welcomed(
  tenantId: LaneView['tenantId'],
  { lanes, virtualTokens }: StoreSnapshot,
): StoreSnapshot['virtualTokens'] {
  if (lanes.length === 0 || lanes.some((lane) => lane.tenantId === tenantId)) return virtualTokens;
  const counterOf = (id: LaneView['tenantId']): number => virtualTokens.get(id) ?? 0;
  const least = Math.min(...lanes.map((lane) => counterOf(lane.tenantId)));
  return new Map(virtualTokens).set(tenantId, Math.max(counterOf(tenantId), least - BURST_CREDIT));
}
