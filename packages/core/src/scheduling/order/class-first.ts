import { JOB_CLASSES } from '../../job/state.ts';
import type { OrderRule } from './order-rule.ts';

/** Interactive before standard before batch. */
export const classFirst: OrderRule = {
  name: 'class',
  compare: (a, b) => JOB_CLASSES.indexOf(a.lane.jobClass) - JOB_CLASSES.indexOf(b.lane.jobClass),
};
