import { forecastGroups } from './forecast/forecasts.ts';
import { anyCouldServe } from './could-serve.ts';
import type { LaneCursor } from './lane-cursor.ts';
import { type ModelGroup, oneLess } from './model-group.ts';
import { openLine, type Turn } from './order/line.ts';
import { placeFreshJobs } from './place-fresh-jobs.ts';
import { letGo, placeJob, type Placement, type Reach } from './place-job.ts';
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
  const thinned = new Set<ModelGroup>();
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
    const { group } = cursor;
    if (placement.kind !== 'held' || placement.keeps !== 'closed' || thinned.has(group)) continue;
    // Room ran out: most lanes have nothing to gain any more, and need not be put in order to be told so.
    thinned.add(group);
    line.thin((other) => other.cursor.group === group && passesOn(other, state));
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

const reachOf = ({ group, isPassed }: LaneCursor): Reach => (group.isKept || isPassed ? 'cloud' : 'anywhere');

/** Whether a lane's next job could be let go: then the lane has come to the one after it. */
function passesOn({ cursor, contender }: Turn, state: PlanState): boolean {
  if (cursor.job === undefined) return false;
  const held = letGo(state, contender, cursor.before, reachOf(cursor));
  if (held !== undefined) goOn(cursor, held, state);
  return held !== undefined;
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
      oneLess(cursor.group, state.snapshot.policy, state.snapshot.nowMs);
      cursor.take();
      return;
    case 'held': {
      const { hold, keeps } = placement;
      if (cursor.isNewReason(hold.reasons)) state.holds.push(hold);
      cursor.skip();
      if (keeps === 'job') return;
      if (!neverLeaves(hold.job, state)) {
        skipTo(cursor, (job) => isOfTheCloud(job, state, cursor));
        return;
      }
      // One that never uses the cloud says nothing of those behind it that may; but local room is its own.
      cursor.isPassed = true;
      skipTo(cursor, (job) => !neverLeaves(job, state));
    }
  }
}

/** Jobs looked at behind one that waits for local room. Fresh ones are found wherever they stand. */
const MOST_LOOKED_AT = 16;

/** On to the next job that may fare otherwise without local room, or to the lane's end. */
function skipTo(cursor: LaneCursor, isNext: (job: JobView) => boolean): void {
  const mayLeave = !cursor.lane.pinned && cursor.group.cloudHasRoom;
  const most = mayLeave ? MOST_LOOKED_AT : 0;
  for (let looked = 0; looked < most; looked += 1) {
    const { job } = cursor;
    if (job === undefined || isNext(job)) return;
    cursor.skip();
  }
  cursor.end();
}

const neverLeaves = ({ strategy }: JobView, { snapshot: { policy } }: PlanState): boolean =>
  policy.strategies[strategy].cloud === 'never';

/** A job that would not wait for local room: its client, its size or its quality sends it to the cloud. */
function isOfTheCloud(job: JobView, state: PlanState, { group: { local, models } }: LaneCursor): boolean {
  const { policy } = state.snapshot;
  const { cloud } = policy.strategies[job.strategy];
  if (cloud === 'only' || cloud === 'open') return true;
  return local.length > 0 && !anyCouldServe(job, local, { models, policy });
}

/** The groups that the next snapshot shall remember as overflowing by depth. */
function overflowingOf({ groups, snapshot: { policy } }: PlanState): Plan['overflowing'] {
  const overflowing = new Map<string, number>();
  const { mode, blindBelowSamples } = policy.overflow;
  for (const { name, sinceMs, pool } of groups()) {
    const byDepth = mode === 'depth' || (mode === 'slack' && pool.samples < blindBelowSamples);
    if (byDepth && pool.backends.length > 0 && sinceMs !== undefined) overflowing.set(name, sinceMs);
  }
  return overflowing;
}
