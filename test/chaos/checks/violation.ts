import type { RunFacts } from '../history/facts.ts';

/** Every figure of the report that should be 0. */
export const FIGURES = [
  'lost',
  'doubled',
  'wrong_result',
  'wrong_lines',
  'wrong_ends',
  'wrong_times',
  'cap_violations',
  'started_after_cancel',
  'leaked',
  'missed_events',
  'wrong_events',
  'bad_answers',
  'left_behind',
  'unverified',
  'crashes',
] as const;
export type Figure = (typeof FIGURES)[number];

/** One broken guarantee, with the job or batch it happened to where it happened to one. */
export interface Violation {
  readonly figure: Figure;
  readonly key?: string;
  readonly detail: string;
}

/** Judges one guarantee over all that is known of a run; pure. */
export type Check = (facts: RunFacts) => readonly Violation[];
