import {
  type BackendId,
  type EpochMs,
  type Plan,
  plan,
  type PrefixIndex,
  type Snapshot,
} from '@spillway/core';
import { buildSnapshot, buildCommit, type HoldMemory } from '@spillway/planning';
import type { Commit, CommitReply, createCommitPlan, createTakeSnapshot, Leadership } from '@spillway/redis';
import type { LoadedConfig, Logger } from '@spillway/service-kit';
import type { DispatchPaces } from './dispatch-paces.ts';
import type { ForecastMemory } from './forecast-memory.ts';
import type { LaneReasons } from './lane-reasons.ts';
import { forgetDown, noteDispatched } from './note-prefixes.ts';
import type { PrefillClock } from './prefill-clock.ts';
import type { PromotedJobs } from './promoted-jobs.ts';
import type { SchedulerMetrics } from './scheduler-metrics.ts';

export interface TickDeps {
  readonly takeSnapshot: ReturnType<typeof createTakeSnapshot>;
  readonly commitPlan: ReturnType<typeof createCommitPlan>;
  readonly config: () => LoadedConfig;
  /** Since when this scheduler has been looking, by Redis' clock: the instant of its first snapshot. */
  readonly since: (nowMs: EpochMs) => EpochMs;
  readonly prefixes: PrefixIndex;
  readonly prefills: PrefillClock;
  readonly written: HoldMemory;
  readonly paces: DispatchPaces;
  readonly forecasts: ForecastMemory;
  readonly promoted: PromotedJobs;
  readonly reasons: LaneReasons;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
}

/**
 * What a tick came to, and whether another one at once has more to do: `refused`, the world had moved on for some of
 * what was planned; `unfinished`, there is room left and jobs for it.
 */
export type TickOutcome = 'idle' | 'dispatched' | 'refused' | 'unfinished' | 'deposed';

/** Snapshot → plan → commit, once. */
export async function runTickOnce(deps: TickDeps, leadership: Leadership): Promise<TickOutcome> {
  const { metrics, written, prefixes, prefills, paces, forecasts } = deps;
  const running = deps.config();
  const endSnapshot = metrics.tickSeconds.startTimer({ part: 'snapshot' });
  const taken = await deps.takeSnapshot();
  metrics.unreadable.set(taken.unreadable.length);
  const snapshot = buildSnapshot(taken, running.config, {
    sinceMs: deps.since(taken.nowMs),
    prefixes,
    prefillBusyUntilMs: prefills.busyUntilMs,
  });
  forgetDown(prefixes, snapshot);
  endSnapshot();

  const endPlan = metrics.tickSeconds.startTimer({ part: 'plan' });
  const endDecision = metrics.decisionSeconds.startTimer();
  const made = plan(snapshot);
  const planned = {
    ...made,
    looked: [...made.looked, ...taken.unreadableFresh],
    forecasts: paces.tell(made.forecasts),
  };
  endDecision();
  deps.reasons.note(planned);
  const { commit, told } = buildCommit(planned, snapshot, running, leadership.epoch, written);
  const promotions = deps.promoted.take(planned.promotions);
  endPlan();

  const seen = { snapshot, plan: planned, told, promotions };
  if (isEmpty(commit) && !overflowChanges(snapshot, commit) && !forecasts.isNews(planned.forecasts)) {
    paces.note(snapshot, planned, []);
    metrics.observe({ ...seen, reply: undefined });
    return 'idle';
  }
  const endCommit = metrics.tickSeconds.startTimer({ part: 'commit' });
  const reply = await commitOrForget(deps, commit, leadership);
  if (reply.kind === 'deposed') return 'deposed';
  endCommit();
  forecasts.note(planned.forecasts);
  paces.note(snapshot, planned, reply.dispatched);
  prefills.note(planned.assignments, reply.dispatched);
  noteDispatched(prefixes, planned.assignments, reply.dispatched, snapshot);
  metrics.observe({ ...seen, reply });
  logOverflow(deps.logger, snapshot, commit);
  if (reply.refused.length > 0) return 'refused';
  if (reply.dispatched.length === 0) return 'idle';
  return planned.unfinished && hasRoomLeft(planned, snapshot) ? 'unfinished' : 'dispatched';
}

const isEmpty = ({ assignments, holds, rejections, looked }: Commit): boolean =>
  assignments.length + holds.length + rejections.length + looked.length === 0;

const overflowChanges = ({ overflowing }: Snapshot, commit: Commit): boolean =>
  overflowing.size !== commit.overflowing.length ||
  commit.overflowing.some(([group, sinceMs]) => overflowing.get(group) !== sinceMs);

/** Whether a backend that was given jobs could hold more: where nobody could, lanes are long because nothing is free. */
function hasRoomLeft({ assignments }: Plan, { backends }: Snapshot): boolean {
  const given = new Map<BackendId, number>();
  for (const { backendId } of assignments) given.set(backendId, (given.get(backendId) ?? 0) + 1);
  return backends.some(({ id, held, slots }) => given.has(id) && held + (given.get(id) ?? 0) < slots);
}

function logOverflow(logger: Logger, { overflowing }: Snapshot, commit: Commit): void {
  const now = new Set(commit.overflowing.map(([group]) => group));
  for (const group of now) {
    if (!overflowing.has(group)) logger.info({ event: 'overflow.began', model: group });
  }
  for (const group of overflowing.keys()) {
    if (!now.has(group)) logger.info({ event: 'overflow.ended', model: group });
  }
}

/** Holds that were not committed are not written down, whatever the memory says by now. */
async function commitOrForget(
  { commitPlan, written }: TickDeps,
  commit: Commit,
  leadership: Leadership,
): Promise<CommitReply> {
  try {
    const reply = await commitPlan(commit, leadership);
    if (reply.kind === 'deposed') written.clear();
    return reply;
  } catch (error) {
    written.clear();
    throw error;
  }
}
