import type { OrderRule } from './order-rule.ts';

/** The job that came first: ids sort by the time they were made, and no two are equal. */
export const submittedFirst: OrderRule = {
  name: 'submitted',
  compare: (a, b) => (a.job.id < b.job.id ? -1 : Number(a.job.id > b.job.id)),
};
