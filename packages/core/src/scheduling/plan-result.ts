import type { BackendLocation } from '../backend/inference-backend.ts';
import type { JobId } from '../id/id.ts';
import type { BackendId } from '../id/name.ts';
import type { JobClass } from '../job/state.ts';
import type { EpochMs } from '../time.ts';
import type { Explanation, Prediction } from './explanation.ts';
import type { BackendView, JobView, LaneView } from './snapshot.ts';

export interface Assignment {
  readonly job: JobView;
  readonly lane: LaneView;
  readonly backendId: BackendId;
  readonly location: BackendLocation;
  /** The name clients use for the model it will run. */
  readonly model: string;
  /** What the job's tenant is charged at commit, in virtual tokens, and the weight it was worked out with. */
  readonly virtualTokens: number;
  readonly weight: number;
  /** What the backend's held tokens grow by: `kv-tokens.ts`. */
  readonly reservedTokens: number;
  /** What budgets are to keep for it; 0 on local hardware. */
  readonly reservedUsd: number;
  readonly prediction: Prediction;
  /** Price of the cheapest cloud backend that could have taken it; undefined where none could. */
  readonly counterfactual: BackendView['price'];
  readonly explanation: Explanation;
}

export interface Hold {
  readonly job: JobView;
  readonly lane: LaneView;
  /** When it would be ready if everything went on as it is; undefined where nobody can tell. */
  readonly estimatedFinishAtMs: EpochMs | undefined;
  /** A short name for what keeps it: the same while nothing else does. */
  readonly reasons: string;
  /** Worked out when it is asked for: most holds are told to nobody. */
  readonly explanation: Explanation;
}

/** A job that competes in a more urgent class than its own, because little of its time is left. */
export interface Promotion {
  readonly job: JobView;
  readonly lane: LaneView;
  readonly from: JobClass;
  readonly to: JobClass;
}

/** What a job of a model group has to wait for, in ms: for those who tell clients without making a plan. */
export interface Forecast {
  readonly modelGroup: string;
  /** What one more job in front costs. */
  readonly jobMs: number;
  /** From dispatch to the end of an ordinary answer. */
  readonly residenceMs: number;
  /** Between two jobs of a class that left the line while others of it waited: seen over many plans, told by none. */
  readonly paceMs?: Readonly<Record<JobClass, number>>;
}

export interface Plan {
  readonly assignments: readonly Assignment[];
  /** Of the jobs that a lane keeps, the first ones it was looked at for: one for each set of reasons. */
  readonly holds: readonly Hold[];
  /** Jobs no configured backend could ever run. */
  readonly rejections: readonly Hold[];
  readonly promotions: readonly Promotion[];
  /** Model groups that overflow by depth from now on, and since when. */
  readonly overflowing: ReadonlyMap<string, EpochMs>;
  /** The fresh jobs that are fresh no more. */
  readonly looked: readonly JobId[];
  readonly forecasts: readonly Forecast[];
  /** It was the turn of jobs that the snapshot does not show, while there was room: another plan at once has more to give. */
  readonly unfinished: boolean;
}
