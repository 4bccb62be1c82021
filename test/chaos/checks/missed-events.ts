import type { EventType } from '@spillway/contracts';
import { isTerminal } from '@spillway/core';
import type { JobFacts } from '../history/facts.ts';
import type { Check } from './violation.ts';

/** The end of a job reaches its webhook, and the receiver takes it, at least once. */
export const missedEvents: Check = ({ jobs }) =>
  jobs
    .filter((job) => awaitsEvent(job) && !hasEvent(job))
    .map(({ plan, finals }) => ({
      figure: 'missed_events',
      key: plan.key,
      detail: `job.${finals[0]?.status} of ${finals[0]?.id} never reached its webhook`,
    }));

/** Whether the receiver should hear of this job's end. */
export function awaitsEvent({ plan, finals }: JobFacts): boolean {
  const [final] = finals;
  if (plan.hook === undefined || final === undefined || !isTerminal(final.status)) return false;
  return plan.hook.events === undefined || plan.hook.events.includes(`job.${final.status}` as EventType);
}

/** Whether the receiver has taken it. */
export const hasEvent = ({ receipts, finals }: JobFacts): boolean =>
  receipts.some(
    ({ type, signature, answered }) =>
      type === `job.${finals[0]?.status}` && signature === 'good' && answered >= 200 && answered < 300,
  );
