import { classFirst } from './class-first.ts';
import { earliestDeadline } from './earliest-deadline.ts';
import { fairShare } from './fair-share.ts';
import { feasibleFirst } from './feasible-first.ts';
import type { Contender, OrderRule, Standing } from './order-rule.ts';
import { pinnedFirst } from './pinned-first.ts';
import { shorterWork } from './shorter-work.ts';
import { submittedFirst } from './submitted-first.ts';

/** Asked in this order until one decides. */
const ORDER: readonly OrderRule[] = [
  classFirst,
  feasibleFirst,
  pinnedFirst,
  fairShare,
  earliestDeadline,
  shorterWork,
  submittedFirst,
];

/** Their names, in this order. */
export const ORDER_RULES: readonly string[] = ORDER.map(({ name }) => name);

/** What every rule makes of a job: lanes are compared far more often than they come into line. */
export const keysOf = (standing: Standing): readonly number[] => ORDER.map((rule) => rule.key(standing));

/** Which of two contenders is served first; 0 only for a contender and itself: no two ids are equal. */
export function compareContenders(a: Contender, b: Contender): number {
  for (let rule = 0; rule < ORDER.length; rule += 1) {
    const order = (a.keys[rule] as number) - (b.keys[rule] as number);
    if (order !== 0) return order;
  }
  return a.job.id < b.job.id ? -1 : Number(a.job.id > b.job.id);
}
