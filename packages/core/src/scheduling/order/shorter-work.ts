import type { OrderRule } from './order-rule.ts';

/** The shorter prompt: of jobs that are due together, the one that keeps the others waiting least. */
export const shorterWork: OrderRule = {
  name: 'shorter-work',
  key: ({ job }) => job.inputTokens,
};
