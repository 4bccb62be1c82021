import type { JobClass } from '../job/state.ts';

/** How jobs of one kind left the line while others of it waited: the latest time, and how many in it. */
export interface Pace {
  readonly waitedMs: number;
  readonly left: number;
}

export const UNKNOWN_PACE: Pace = { waitedMs: 0, left: 0 };

/** What is remembered of waiting, in ms: batch work may stand still for minutes and is none the slower for it. */
const MEMORY_MS: Readonly<Record<JobClass, number>> = {
  interactive: 60_000,
  standard: 60_000,
  batch: 1_800_000,
};

/** The pace after some of a kind waited for so long, and so many left. Time in which nobody waits does not count. */
export function learnPace(
  { waitedMs, left }: Pace,
  jobClass: JobClass,
  latest: { readonly waitedMs: number; readonly left: number },
): Pace {
  const kept = Math.exp(-latest.waitedMs / MEMORY_MS[jobClass]);
  return { waitedMs: waitedMs * kept + latest.waitedMs, left: left * kept + latest.left };
}

/** Between two that left, in ms. One more is taken to be about to: else nobody had left yet, and nothing were known. */
export const paceMs = ({ waitedMs, left }: Pace): number => waitedMs / (left + 1);
