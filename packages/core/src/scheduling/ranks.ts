import type { JobId } from '../id/id.ts';
import { compareContenders } from './order/order.ts';
import type { Contender } from './order/order-rule.ts';

/** A job that was let go out of turn, because nothing was open to it. */
export interface LetGo {
  readonly contender: Contender;
  /** Jobs that had had their turn by then. */
  readonly after: number;
}

/**
 * A job's place among all that a plan considered, 1 for the first. Jobs that were let go were not put in line while the
 * plan was made: here they are, once, when somebody asks.
 *
 * @param considered in the order of their turns
 */
export function openRanks(
  considered: readonly Contender[],
  letGo: readonly LetGo[],
): (contender: Contender) => number {
  let ranks: ReadonlyMap<JobId, number> = new Map();
  return ({ job }) => {
    if (ranks.size !== considered.length + letGo.length) {
      const line = lineUp(considered, letGo);
      ranks = new Map(line.map((one, index) => [one.job.id, index + 1]));
    }
    return ranks.get(job.id) as number;
  };
}

/** Each that was let go stands before the first that it goes before, of those whose turn had not come by then. */
function lineUp(considered: readonly Contender[], letGo: readonly LetGo[]): readonly Contender[] {
  const ordered = letGo.toSorted((a, b) => a.after - b.after || compareContenders(a.contender, b.contender));
  let turn = 0;
  let at = 0;
  const placed = ordered.map(({ contender, after }) => {
    if (after !== at) [turn, at] = [after, after];
    for (; turn < considered.length; turn += 1)
      if (compareContenders(contender, considered[turn] as Contender) < 0) break;
    return { contender, turn, inTurn: 0 };
  });
  const inTurn = considered.map((contender, index) => ({ contender, turn: index, inTurn: 1 }));
  return [...placed, ...inTurn]
    .toSorted((a, b) => a.turn - b.turn || a.inTurn - b.inTurn || compareContenders(a.contender, b.contender))
    .map(({ contender }) => contender);
}
