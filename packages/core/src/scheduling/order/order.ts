import { classFirst } from './class-first.ts';
import { earliestDeadline } from './earliest-deadline.ts';
import { fairShare } from './fair-share.ts';
import { feasibleFirst } from './feasible-first.ts';
import type { Contender, OrderRule } from './order-rule.ts';
import { pinnedFirst } from './pinned-first.ts';
import { shorterWork } from './shorter-work.ts';
import { submittedFirst } from './submitted-first.ts';

/** Asked in this order until one decides; the last one always does. */
export const ORDER: readonly OrderRule[] = [
  classFirst,
  feasibleFirst,
  pinnedFirst,
  fairShare,
  earliestDeadline,
  shorterWork,
  submittedFirst,
];

/** Which of two contenders is served first; 0 only for a contender and itself. */
export function compareContenders(a: Contender, b: Contender): number {
  for (const rule of ORDER) {
    const order = rule.compare(a, b);
    if (order !== 0) return order;
  }
  return 0;
}
