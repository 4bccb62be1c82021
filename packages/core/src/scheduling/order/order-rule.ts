import type { EpochMs } from '../../time.ts';
import type { JobClass } from '../../job/state.ts';
import type { JobView, LaneView } from '../snapshot.ts';

/** The first unplanned job of a lane, and what its place among the others hangs on. */
export interface Contender {
  readonly lane: LaneView;
  readonly job: JobView;
  /** What its tenant has been charged, this plan included. */
  readonly virtualTokens: number;
  /** Its own class, or a more urgent one once it is promoted. */
  readonly competesAs: JobClass;
  /** Of that class: 0 is the most urgent. */
  readonly classRank: number;
  /** Its tenant has had no more than its share of what tenants of its class were served. */
  readonly entitled: boolean;
  /** It has waited past its class's ageing bound. */
  readonly aged: boolean;
  /** It would be late even if it began now. */
  readonly hopeless: boolean;
  /** Its deadline, or the end of its ageing bound where that comes first. */
  readonly effectiveDeadlineAtMs: EpochMs;
}

/** Which of two contenders goes first: negative for `a`, positive for `b`, 0 to ask the next rule. */
export interface OrderRule {
  readonly name: string;
  compare(a: Contender, b: Contender): number;
}
