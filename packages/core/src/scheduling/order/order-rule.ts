import type { OutputLength } from '../../prediction/output-length.ts';
import type { EpochMs } from '../../time.ts';
import type { JobClass } from '../../job/state.ts';
import type { JobView, LaneView } from '../snapshot.ts';

/** What the place of a job among the others hangs on: the first unplanned one of a lane. */
export interface Standing {
  readonly lane: LaneView;
  readonly job: JobView;
  /** What its answer is taken for. */
  readonly output: OutputLength;
  /** What its tenant has been charged, this plan included. */
  readonly virtualTokens: number;
  /** Its own class, or a more urgent one once it is promoted. */
  readonly competesAs: JobClass;
  /** Its tenant has had no more than its share of what tenants of its class were served. */
  readonly entitled: boolean;
  /** It has waited past its class's ageing bound. */
  readonly aged: boolean;
  /** It would be late even if it began now. */
  readonly hopeless: boolean;
  /** Its deadline, or the end of its ageing bound where that comes first. */
  readonly effectiveDeadlineAtMs: EpochMs;
}

/** A job in line. */
export interface Contender extends Standing {
  /** What each rule makes of it, in the order of the rules. */
  readonly keys: readonly number[];
}

/** One reason to go before another one. */
export interface OrderRule {
  readonly name: string;
  /** The lower one goes first; of equals the next rule decides. Finite; worked out once for a contender. */
  key(standing: Standing): number;
}
