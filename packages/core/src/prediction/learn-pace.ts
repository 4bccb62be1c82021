import type { JobClass } from '../job/state.ts';

/** How jobs of one kind were dispatched while others of it waited: how long some did of late, and how many left. */
export interface Pace {
  readonly waitedMs: number;
  readonly left: number;
}

export const UNKNOWN_PACE: Pace = { waitedMs: 0, left: 0 };

/** How long it is remembered, in ms: batch work may stand still for minutes and is none the slower for it. */
const MEMORY_MS: Readonly<Record<JobClass, number>> = {
  interactive: 60_000,
  standard: 60_000,
  batch: 1_800_000,
};

/**
 * The pace after some time in which so many left: both count if others waited meanwhile. If nobody did, what was seen
 * before fades all the same: a line that stood still an hour ago says nothing of one that is empty.
 */
export function learnPace(
  { waitedMs, left }: Pace,
  jobClass: JobClass,
  latest: { readonly passedMs: number; readonly othersWaited: boolean; readonly left: number },
): Pace {
  const kept = Math.exp(-latest.passedMs / MEMORY_MS[jobClass]);
  const counts = Number(latest.othersWaited);
  return {
    waitedMs: waitedMs * kept + counts * latest.passedMs,
    left: left * kept + counts * latest.left,
  };
}

/** So few that left say nothing of a line. */
const ENOUGH = 8;

/** Between two that left, in ms; 0 where too few did. */
export const paceMs = ({ waitedMs, left }: Pace): number => (left < ENOUGH ? 0 : waitedMs / left);
