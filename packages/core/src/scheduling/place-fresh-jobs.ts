import type { JobId } from '../id/id.ts';
import { placeJob } from './place-job.ts';
import type { PlanState } from './plan-state.ts';
import type { FreshJob } from './snapshot.ts';

/** So many fresh jobs may wait for the cloud to have room; more would keep the next ones from being looked at. */
const MOST_KEPT_FRESH = 128;

/**
 * Looks at jobs that came since the last plan, wherever in their lanes they stand: one that local hardware will not
 * have ready in time goes to the cloud at once. What goes makes the way shorter for those behind it.
 *
 * @returns the fresh jobs that have been dealt with: not those that are the cloud's by their strategy and found it full
 */
export function placeFreshJobs(state: PlanState): readonly JobId[] {
  const { cursors, considered, letGo } = state;
  const { fresh, policy } = state.snapshot;
  if (fresh.length === 0) return [];
  const keys = new Set(fresh.map(({ laneKey }) => laneKey));
  const byKey = new Map(
    cursors.filter(({ lane }) => keys.has(lane.key)).map((cursor) => [cursor.lane.key, cursor]),
  );
  const open = new Set(fresh.map(({ job }) => job.id));
  for (const { job } of considered) open.delete(job.id);
  for (const { contender } of letGo) open.delete(contender.job.id);
  const looked: JobId[] = [];
  for (const { laneKey, job, ahead } of fresh.toSorted(byRank)) {
    const place = byKey.get(laneKey);
    const isOpen = place !== undefined && !place.lane.pinned && open.has(job.id);
    const { cloud } = policy.strategies[job.strategy];
    const mayStay = fresh.length <= MOST_KEPT_FRESH && (cloud === 'only' || cloud === 'open');
    if (isOpen && mayStay && !place.group.cloudHasRoom) continue;
    looked.push(job.id);
    if (isOpen && place.group.cloudHasRoom) placeJob(state, state.contenderOf(place, job), ahead, 'cloud');
  }
  return looked;
}

const byRank = (a: FreshJob, b: FreshJob): number => a.ahead - b.ahead || (a.job.id < b.job.id ? -1 : 1);
