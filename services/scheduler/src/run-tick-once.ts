import { type EpochMs, plan } from '@spillway/core';
import type { Commit, CommitReply, createCommitPlan, createTakeSnapshot, Leadership } from '@spillway/redis';
import type { LoadedConfig, Logger } from '@spillway/service-kit';
import { buildCommit } from './build-commit.ts';
import { buildSnapshot } from './build-snapshot.ts';
import type { HoldMemory } from './hold-memory.ts';
import type { LaneReasons } from './lane-reasons.ts';
import type { SchedulerMetrics } from './scheduler-metrics.ts';

export interface TickDeps {
  readonly takeSnapshot: ReturnType<typeof createTakeSnapshot>;
  readonly commitPlan: ReturnType<typeof createCommitPlan>;
  readonly config: () => LoadedConfig;
  /** Since when this scheduler has been looking, by Redis' clock: the instant of its first snapshot. */
  readonly since: (nowMs: EpochMs) => EpochMs;
  readonly written: HoldMemory;
  readonly reasons: LaneReasons;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
}

export type TickOutcome = 'idle' | 'dispatched' | 'deposed';

/** Snapshot → plan → commit, once. */
export async function runTickOnce(deps: TickDeps, leadership: Leadership): Promise<TickOutcome> {
  const { metrics, written, logger } = deps;
  const { config, version } = deps.config();
  const endSnapshot = metrics.tickSeconds.startTimer({ part: 'snapshot' });
  const taken = await deps.takeSnapshot();
  metrics.unreadable.set(taken.unreadable.length);
  const snapshot = buildSnapshot(taken, config, deps.since(taken.nowMs));
  endSnapshot();
  const endPlan = metrics.tickSeconds.startTimer({ part: 'plan' });
  const planned = plan(snapshot);
  deps.reasons.note(planned);
  endPlan();
  const commit = buildCommit(planned, snapshot, { configVersion: version, epoch: leadership.epoch }, written);
  const nothing =
    commit.assignments.length + commit.holds.length + commit.rejections.length === 0 &&
    planned.overflowing.symmetricDifference(snapshot.overflowing).size === 0;
  if (nothing) {
    metrics.observe(snapshot, planned, undefined);
    return 'idle';
  }
  const endCommit = metrics.tickSeconds.startTimer({ part: 'commit' });
  const reply = await commitOrForget(deps, commit, leadership);
  if (reply.kind === 'deposed') return 'deposed';
  endCommit();
  metrics.observe(snapshot, planned, reply);
  for (const group of planned.overflowing.difference(snapshot.overflowing)) {
    logger.info({ event: 'overflow.began', model: group });
  }
  for (const group of snapshot.overflowing.difference(planned.overflowing)) {
    logger.info({ event: 'overflow.ended', model: group });
  }
  return reply.dispatched.length > 0 ? 'dispatched' : 'idle';
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
