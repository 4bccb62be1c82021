import type { Plan, Snapshot } from '@spillway/core';
import { type CommitReply, DRIFT_KINDS } from '@spillway/redis';
import type { Metrics } from '@spillway/service-kit';

export type SchedulerMetrics = ReturnType<typeof createSchedulerMetrics>;

export function createSchedulerMetrics(metrics: Metrics) {
  const decisions = metrics.counter('sched_decisions_total', 'Decisions by what was done', [
    'action',
    'reason',
  ]);
  const tickSeconds = metrics.histogram(
    'sched_tick_seconds',
    'Snapshot, plan and commit of one tick',
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    ['part'],
  );
  const depth = metrics.gauge('sched_queue_depth', 'Jobs waiting in lanes', ['class', 'model']);
  const overflowing = metrics.gauge('sched_overflowing', '1 while a model group overflows', ['model']);
  const leads = metrics.gauge('sched_leading', '1 while this process leads');
  const driftRepaired = metrics.counter(
    'sched_drift_repaired_total',
    'Indices and counters that were not what the job records say',
    ['kind'],
  );
  // From the start, so that the first one of a kind is seen to rise.
  for (const kind of DRIFT_KINDS) driftRepaired.inc({ kind }, 0);
  return {
    unreadable: metrics.gauge(
      'sched_unreadable_entries',
      'Backends and lanes left out because they cannot be read',
    ),
    /** Says whether this process leads; one that does not has no queues to tell of. */
    lead: (leading: boolean): void => {
      leads.set(Number(leading));
      if (leading) return;
      depth.reset();
      overflowing.reset();
    },
    rescued: metrics.counter('sched_rescued_total', 'Jobs taken from those that did not end them', [
      'because',
      'outcome',
    ]),
    driftRepaired,
    expired: metrics.counter('sched_expired_total', 'Jobs whose clock ran out', ['clock']),
    tickSeconds,
    observe: (snapshot: Snapshot, plan: Plan, reply: CommitReply | undefined): void => {
      depth.reset();
      for (const lane of snapshot.lanes)
        depth.inc({ class: lane.jobClass, model: lane.modelGroup }, lane.depth);
      overflowing.reset();
      for (const group of plan.overflowing) overflowing.set({ model: group }, 1);
      for (const { location, explanation } of plan.assignments) {
        decisions.inc({ action: 'assign', reason: location === 'local' ? 'local' : explanation.trigger });
      }
      if (plan.rejections.length > 0)
        decisions.inc({ action: 'reject', reason: 'unservable' }, plan.rejections.length);
      if (reply?.kind !== 'applied') return;
      for (const { because } of reply.refused)
        decisions.inc({ action: 'refused-at-commit', reason: because });
    },
  };
}
