/** What one tenant has waiting, in ms of work, and its weight. */
export interface Share {
  readonly work: number;
  readonly weight: number;
}

/**
 * How much work tenants who share by weight get done until one of them has had `x` per unit of weight: each of the
 * others has had as much for its weight, or all it had. The fluid limit of weighted virtual token counters, as
 * generalised processor sharing has it (Parekh and Gallager 1993).
 *
 * Answers in O(log n) after sorting once.
 */
export interface FairQueue {
  /** All that waits, in ms. */
  readonly total: number;
  /** Work done for everybody, in ms, when one tenant has had `x` ms per unit of weight. */
  doneBy(x: number): number;
}

export function openFairQueue(shares: readonly Share[]): FairQueue {
  const sorted = shares
    .map(({ work, weight }) => ({ level: work / weight, work, weight }))
    .toSorted((a, b) => a.level - b.level);
  const levels: number[] = [];
  const workUpTo: number[] = [0];
  const weightFrom: number[] = [];
  let total = 0;
  for (const { level, work } of sorted) {
    levels.push(level);
    total += work;
    workUpTo.push(total);
  }
  let weight = 0;
  weightFrom[sorted.length] = 0;
  for (let index = sorted.length - 1; index >= 0; index -= 1) {
    weight += at(sorted, index).weight;
    weightFrom[index] = weight;
  }
  return {
    total,
    doneBy: (x) => {
      let low = 0;
      let high = levels.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (at(levels, middle) <= x) low = middle + 1;
        else high = middle;
      }
      return at(workUpTo, low) + x * at(weightFrom, low);
    },
  };
}

function at<Item>(items: readonly Item[], index: number): Item {
  return items[index] as Item;
}
