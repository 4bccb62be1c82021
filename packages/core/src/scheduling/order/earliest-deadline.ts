import type { OrderRule } from './order-rule.ts';

/** The deadline that comes first, then the job that came first: ids sort by the time they were made. */
export const earliestDeadline: OrderRule = {
  name: 'deadline',
  compare: (a, b) =>
    a.job.deadlineAtMs - b.job.deadlineAtMs || (a.job.id < b.job.id ? -1 : Number(a.job.id > b.job.id)),
};
