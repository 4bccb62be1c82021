import type { EpochMs } from '../time.ts';

/** Where a job waits: 1 for the next one. */
export interface Place {
  /** Among all of its model group. */
  readonly position: number;
  /** Among those of its class. */
  readonly inClass: number;
}

/** What waiting for a model group costs, in ms, as a plan foretells it and as it was seen. */
export interface WaitForecast {
  /** What one more job in front costs, were the hardware theirs alone. */
  readonly jobMs: number;
  /** From dispatch to the end of an ordinary answer. */
  readonly residenceMs: number;
  /** Between two jobs of its class that left the line while others of it waited; 0 where too few were seen. */
  readonly paceMs: number;
}

/**
 * How many times what hardware alone would take a pace may come to. An overload is told by it for as long as it lasts,
 * but many end while those who came in it wait: on bursts of 90 s twice is as good as no pace at all, three times worse;
 * on hours of overload the half of standard jobs is told 26 s wrong in place of 79 s (the Azure trace of 2023).
 */
const MOST_TIMES = 2;

/**
 * When a job would have its answer. By Little's law (1961) a job waits as long as those in front of it take to leave,
 * at the pace they were seen to: that knows of more urgent work that is still to come. Never sooner than the local
 * hardware alone, so one that overflows comes sooner than told. Its deadline at the latest: its life ends then.
 */
export function estimateFinishAtMs(
  nowMs: EpochMs,
  { position, inClass }: Place,
  { jobMs, residenceMs, paceMs }: WaitForecast,
  deadlineAtMs: EpochMs,
): EpochMs {
  const aloneMs = position * jobMs;
  const waitMs = Math.min(Math.max(aloneMs, inClass * paceMs), MOST_TIMES * aloneMs);
  return Math.round(Math.min(nowMs + waitMs + residenceMs, deadlineAtMs));
}
