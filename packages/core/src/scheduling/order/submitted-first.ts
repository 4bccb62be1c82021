import type { OrderRule } from './order-rule.ts';

/** The job that came first; of two that came in one instant, the one whose id sorts first. */
export const submittedFirst: OrderRule = {
  name: 'submitted',
  key: ({ job }) => job.submittedAtMs,
};
