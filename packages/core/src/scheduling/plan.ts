import { forecastGroups } from './forecast/forecasts.ts';
import { anyCouldServe } from './could-serve.ts';
import type { LaneCursor } from './lane-cursor.ts';
import { openLine, type Turn } from './order/line.ts';
import { decideDepth, depthBounds } from './overflow/decide-depth.ts';
import { placeFreshJobs } from './place-fresh-jobs.ts';
import { holdIfNothingIsOpen, placeJob, type Placement } from './place-job.ts';
import type { Plan } from './plan-result.ts';
import { openPlanState, type PlanState } from './plan-state.ts';
import type { JobView, Snapshot } from './snapshot.ts';

/**
 * The decision: which ready job goes to which backend now, which waits, and why. Pure and deterministic; production,
 * the explanation of a job and every simulation call this one function.
 *
 * Lanes take turns by `order/`; each job is placed by `place-job.ts`; then fresh jobs further back are looked at, so
 * that one that will be late goes to the cloud when it comes and not when its time is up. Costs O(lanes + assignments).
 */
export function plan(snapshot: Snapshot): Plan {
  const state = openPlanState(snapshot);
  const line = openLine(state.cursors, (cursor) => {
    const next = cursor.job ?? cursor.unseen;
    return next && state.contenderOf(cursor, next);
  });
  let isThin = false;
  for (;;) {
    const turn = line.next();
    if (turn === undefined) break;
    const { cursor, contender } = turn;
    if (cursor.job === undefined) {
      // The turn of jobs that the snapshot does not show: nobody with less of a claim takes the room that is theirs.
      if (cursor.group.localHasRoom && !isOfTheCloud(contender.job, state, cursor))
        keepForUnseen(state, cursor);
      continue;
    }
    const placement = placeJob(state, contender, cursor.before, reachOf(cursor));
    goOn(cursor, placement, state);
    line.back(cursor);
    // Room ran out: most lanes have nothing to gain any more, and need not be put in order to be told so.
    if (placement.kind === 'held' && placement.nothingIsOpen && !isThin) {
      isThin = true;
      line.thin((other) => letGo(other, state));
    }
  }
  const looked = placeFreshJobs(state);
  return {
    assignments: state.assignments,
    holds: state.holds,
    rejections: state.rejections,
    promotions: state.promotions,
    overflowing: overflowingOf(state),
    looked,
    forecasts: forecastGroups(snapshot, state.forecasts),
    unfinished: Iterator.from(state.groups()).some(({ isKept }) => isKept),
  };
}

const reachOf = ({ group }: LaneCursor): 'anywhere' | 'cloud' => (group.isKept ? 'cloud' : 'anywhere');

/** Whether nothing is open to this lane's next job, which is held then. What is closed stays so: room only goes. */
function letGo({ cursor, contender }: Turn, state: PlanState): boolean {
  if (cursor.job === undefined) return false;
  const placement = holdIfNothingIsOpen(state, contender, cursor.before, reachOf(cursor));
  if (placement === undefined) return false;
  goOn(cursor, placement, state);
  return true;
}

/** The room of the lane's local backends is for jobs that the snapshot does not show, whichever group they are of. */
function keepForUnseen(state: PlanState, { group: { local } }: LaneCursor): void {
  for (const group of state.groups()) group.isKept ||= group.local.some((load) => local.includes(load));
}

/** On to the next job of a lane that may fare otherwise than the one that was placed. */
function goOn(cursor: LaneCursor, placement: Placement, state: PlanState): void {
  switch (placement.kind) {
    case 'assigned':
      cursor.take();
      return;
    case 'rejected':
      state.rejections.push(placement.hold);
      cursor.group.depth -= 1;
      cursor.take();
      return;
    case 'held': {
      const { hold, blocked } = placement;
      if (cursor.isNewReason(hold.reasons)) state.holds.push(hold);
      cursor.skip();
      if (blocked) skipToCloudJob(cursor, state);
    }
  }
}

/** Jobs looked at behind one that waits for local room. Fresh ones are found wherever they stand. */
const MOST_LOOKED_AT = 16;

/** On to the next job that would not wait for local room, or to the lane's end. */
function skipToCloudJob(cursor: LaneCursor, state: PlanState): void {
  const mayLeave = !cursor.lane.pinned && cursor.group.cloudHasRoom;
  const most = mayLeave ? MOST_LOOKED_AT : 0;
  for (let looked = 0; looked < most; looked += 1) {
    const { job } = cursor;
    if (job === undefined || isOfTheCloud(job, state, cursor)) return;
    cursor.skip();
  }
  cursor.end();
}

/** A job that would not wait for local room: its client, its size or its quality sends it to the cloud. */
function isOfTheCloud(job: JobView, state: PlanState, { group: { local, models } }: LaneCursor): boolean {
  const { policy } = state.snapshot;
  const { cloud } = policy.strategies[job.strategy];
  if (cloud === 'only' || cloud === 'open') return true;
  return local.length > 0 && !anyCouldServe(job, local, { models, policy });
}

/** The groups that the next snapshot shall remember as overflowing by depth. */
function overflowingOf({ groups, snapshot: { nowMs, policy } }: PlanState): Plan['overflowing'] {
  const overflowing = new Map<string, number>();
  const { mode, blindBelowSamples } = policy.overflow;
  for (const { name, depth, sinceMs, pool } of groups()) {
    const byDepth = mode === 'depth' || (mode === 'slack' && pool.samples < blindBelowSamples);
    const since =
      byDepth && pool.backends.length > 0
        ? decideDepth(depth, sinceMs, depthBounds(policy.overflow, pool), nowMs)
        : undefined;
    if (since !== undefined) overflowing.set(name, since);
  }
  return overflowing;
}
