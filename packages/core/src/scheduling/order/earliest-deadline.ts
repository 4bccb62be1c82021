import type { OrderRule } from './order-rule.ts';

/** The effective deadline that comes first: the deadline, or the end of the ageing bound. */
export const earliestDeadline: OrderRule = {
  name: 'deadline',
  key: ({ effectiveDeadlineAtMs }) => effectiveDeadlineAtMs,
};
