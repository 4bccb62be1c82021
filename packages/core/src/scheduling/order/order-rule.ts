import type { JobView, LaneView } from '../snapshot.ts';

/** A job at the front of its lane, and what its tenant has been charged, this plan included. */
export interface Contender {
  readonly lane: LaneView;
  readonly job: JobView;
  readonly virtualTokens: number;
}

/** Which of two contenders goes first: negative for `a`, positive for `b`, 0 to ask the next rule. */
export interface OrderRule {
  readonly name: string;
  compare(a: Contender, b: Contender): number;
}
