import type { OrderRule } from './order-rule.ts';

/**
 * What can still be in time goes before what cannot. By deadline alone, one overload makes every job late: each is
 * begun when it is past saving, and the next one waits for it (the domino effect of EDF: Stankovic et al., Deadline
 * Scheduling for Real-Time Systems, 1998).
 */
export const feasibleFirst: OrderRule = {
  name: 'feasible',
  key: ({ hopeless }) => Number(hopeless),
};
