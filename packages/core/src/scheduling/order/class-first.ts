import type { JobClass } from '../../job/state.ts';
import type { OrderRule } from './order-rule.ts';

/** Interactive before standard before batch, and a promoted job as the class it competes in. */
export const classFirst: OrderRule = {
  name: 'class',
  key: ({ competesAs }) => RANK[competesAs],
};

const RANK: Readonly<Record<JobClass, number>> = { interactive: 0, standard: 1, batch: 2 };
