import type { JobId } from '../id/id.ts';
import { compareContenders } from './order/order.ts';
import type { Contender } from './order/order-rule.ts';

/**
 * A job's place among all that a plan considered, 1 for the first. Lanes that had nothing to gain were not put in order
 * while the plan was made: here they are, once, when somebody asks.
 */
export function openRanks(considered: readonly Contender[]): (contender: Contender) => number {
  let ranks: ReadonlyMap<JobId, number> = new Map();
  return ({ job }) => {
    if (ranks.size !== considered.length) {
      const line = considered.toSorted(compareContenders);
      ranks = new Map(line.map((contender, index) => [contender.job.id, index + 1]));
    }
    return ranks.get(job.id) as number;
  };
}
