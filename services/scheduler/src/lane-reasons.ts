import type { Explanation, Hold, Plan } from '@spillway/core';

/** Why each lane was held in the latest plan: what its first waiting job was told holds for those behind it, too. */
export interface LaneReasons {
  note(plan: Plan): void;
  of(laneKey: string): Explanation | undefined;
}

export function createLaneReasons(): LaneReasons {
  let reasons: ReadonlyMap<string, Hold> = new Map();
  return {
    note: ({ holds }) => {
      // Entries that come later win, and the first hold of a lane is to stay. Its explanation is made when it is asked for.
      reasons = new Map(holds.toReversed().map((hold) => [hold.lane.key, hold]));
    },
    of: (laneKey) => reasons.get(laneKey)?.explanation,
  };
}
