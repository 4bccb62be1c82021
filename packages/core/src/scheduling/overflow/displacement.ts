import { JOB_CLASSES, type JobClass } from '../../job/state.ts';
import type { Forecasts } from '../forecast/forecasts.ts';
import type { Pool } from '../forecast/pool.ts';
import type { LaneView, Snapshot } from '../snapshot.ts';
import { lateByMs } from './decide-slack.ts';

/**
 * Room that pinned jobs need: where they would be late, un-pinned jobs of more urgent classes, which would run before
 * them, use the cloud first, no more of them than it takes.
 */
export interface Displacement {
  /** Whether a job that competes as this class is to make room on this pool. */
  asks(pool: Pool, competesAs: JobClass): boolean;
  /** A job with so many ms of work has made room. */
  made(pool: Pool, workMs: number): void;
}

export function openDisplacement(snapshot: Snapshot, forecasts: Forecasts): Displacement {
  const needs = new Map<Pool, { jobClass: JobClass; workMs: number }>();
  const { mode, blindBelowSamples } = snapshot.policy.overflow;
  for (const lane of mode === 'slack' ? snapshot.lanes : []) {
    const pool = forecasts.poolOf(lane.modelGroup);
    if (!lane.pinned || pool.samples < blindBelowSamples || pool.working === 0) continue;
    const workMs = pinnedLateMs(pool, lane, snapshot, forecasts) * pool.working;
    const known = needs.get(pool);
    if (workMs > (known?.workMs ?? 0)) needs.set(pool, { jobClass: lane.jobClass, workMs });
  }
  return {
    asks: (pool, competesAs) => {
      const need = needs.get(pool);
      return (
        need !== undefined &&
        need.workMs > 0 &&
        JOB_CLASSES.indexOf(competesAs) < JOB_CLASSES.indexOf(need.jobClass)
      );
    },
    made: (pool, workMs) => {
      const need = needs.get(pool);
      if (need !== undefined) need.workMs -= workMs;
    },
  };
}

/** By how much the first or the last job of a pinned lane would be late; the last one was submitted just now, at worst. */
function pinnedLateMs(pool: Pool, lane: LaneView, snapshot: Snapshot, forecasts: Forecasts): number {
  const { nowMs, policy } = snapshot;
  const [first] = lane.head;
  if (first === undefined) return 0;
  const margin = policy.overflow.margin[lane.jobClass];
  const output = forecasts.lengths.predict(lane.tenantId, lane.modelGroup, first.task, first.outputTokens);
  const waiting = { lane, job: first, output, competesAs: lane.jobClass };
  const readyAtMs = (before: number): number => nowMs + forecasts.localMs(pool, waiting, before, 0);
  const lastOne = { submittedAtMs: nowMs, deadlineAtMs: nowMs + first.deadlineAtMs - first.submittedAtMs };
  return Math.max(lateByMs(readyAtMs(0), first, margin), lateByMs(readyAtMs(lane.depth), lastOne, margin));
}
