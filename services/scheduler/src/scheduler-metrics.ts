import type { DecisionBody } from '@spillway/contracts';
import type { Assignment, Plan, Promotion, Snapshot } from '@spillway/core';
import { type CommitReply, DRIFT_KINDS } from '@spillway/redis';
import type { Metrics } from '@spillway/service-kit';
import { createQueueGauges } from './queue-gauges.ts';

export type SchedulerMetrics = ReturnType<typeof createSchedulerMetrics>;

/** What a tick came to. */
export interface TickSeen {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  /** Undefined when there was nothing to commit. */
  readonly reply: Extract<CommitReply, { kind: 'applied' }> | undefined;
  /** Holds and rejections that were told of, each once. */
  readonly told: readonly DecisionBody[];
  readonly promotions: readonly Promotion[];
}

export function createSchedulerMetrics(metrics: Metrics) {
  const decisions = metrics.counter('sched_decisions_total', 'Decisions by what was done', [
    'action',
    'reason',
    'strategy',
    'class',
  ]);
  const rejections = metrics.counter(
    'sched_filter_rejections_total',
    'Backends that a filter excluded, in decisions that were told',
    ['filter'],
  );
  const overflows = metrics.counter('sched_overflow_total', 'Jobs that overflowed to the cloud', [
    'from_class',
    'trigger',
  ]);
  const promotions = metrics.counter(
    'sched_promotions_total',
    'Jobs that came to compete in a higher class',
    ['from_class'],
  );
  const queues = createQueueGauges(metrics);
  const leads = metrics.gauge('sched_leading', '1 while this process leads');
  const driftRepaired = metrics.counter(
    'sched_drift_repaired_total',
    'Indices and counters that were not what the job records say',
    ['kind'],
  );
  // From the start, so that the first one of a kind is seen to rise.
  for (const kind of DRIFT_KINDS) driftRepaired.inc({ kind }, 0);

  const countAssignment = (assignment: Assignment, refusedBecause: string | undefined): void => {
    const { explanation, job, lane, location } = assignment;
    const labels = { strategy: job.strategy, class: lane.jobClass };
    if (refusedBecause !== undefined) {
      decisions.inc({ action: 'refused-at-commit', reason: refusedBecause, ...labels });
      return;
    }
    const { trigger } = explanation;
    decisions.inc({ action: 'assign', reason: trigger, ...labels });
    for (const candidate of explanation.candidates) {
      if (candidate.kind === 'refused') rejections.inc({ filter: candidate.code });
    }
    const isOverflow = location === 'cloud' && trigger !== 'cloud-only' && trigger !== 'strategy';
    if (isOverflow) overflows.inc({ from_class: lane.jobClass, trigger });
  };
  const countTold = ({ action, order, features, candidates }: DecisionBody): void => {
    // The backend that stands first has the reason that a person would be told first.
    const reason = candidates.find(({ refused_by: code }) => code !== null)?.refused_by ?? 'none';
    decisions.inc({ action, reason, strategy: features.strategy, class: order.class });
    for (const { refused_by: code } of candidates) if (code !== null) rejections.inc({ filter: code });
  };

  return {
    unreadable: metrics.gauge(
      'sched_unreadable_entries',
      'Backends and lanes left out because they cannot be read',
    ),
    /** Says whether this process leads; one that does not has no queues to tell of. */
    lead: (leading: boolean): void => {
      leads.set(Number(leading));
      if (!leading) queues.clear();
    },
    rescued: metrics.counter('sched_rescued_total', 'Jobs taken from those that did not end them', [
      'because',
      'outcome',
    ]),
    driftRepaired,
    expired: metrics.counter('sched_expired_total', 'Jobs whose clock ran out', ['clock']),
    tickSeconds: metrics.histogram(
      'sched_tick_seconds',
      'Snapshot, plan and commit of one tick',
      [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
      ['part'],
    ),
    decisionSeconds: metrics.histogram(
      'sched_decision_seconds',
      'Making one plan, without reading and writing',
      [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1],
    ),
    observe: ({ snapshot, plan, reply, told, promotions: promoted }: TickSeen): void => {
      queues.show(snapshot, plan);
      const refusals = new Map(reply?.refused.map(({ jobId, because }) => [jobId, because]));
      if (reply !== undefined) {
        for (const assignment of plan.assignments) {
          countAssignment(assignment, refusals.get(assignment.job.id));
        }
        for (const decision of told) countTold(decision);
      }
      for (const { from } of promoted) promotions.inc({ from_class: from });
    },
  };
}
