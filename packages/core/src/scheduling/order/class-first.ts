import type { OrderRule } from './order-rule.ts';

/** Interactive before standard before batch, and a promoted job as the class it competes in. */
export const classFirst: OrderRule = {
  name: 'class',
  compare: (a, b) => a.classRank - b.classRank,
};
