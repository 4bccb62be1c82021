import type { BackendLocation } from '../backend/inference-backend.ts';
import type { BackendId } from '../id/name.ts';
import type { JobClass } from '../job/state.ts';
import type { EpochMs } from '../time.ts';
import type { BackendLoad } from './backend-load.ts';
import type { FilterCode } from './filters/filters.ts';
import type { ScorerName } from './scorers/scorers.ts';

/** When a job would be ready on a backend, and what of that is waiting, prompt and answer. Lengths in ms. */
export interface Prediction {
  readonly finishAtMs: EpochMs;
  readonly queueMs: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
  /** What of `decodeMs` goes by while prompts of others, which may join, are computed. */
  readonly stallMs: number;
  /** Prompt tokens that the backend's prefix cache probably holds. */
  readonly cachedTokens: number;
  /** What it would cost there; undefined when nobody knows the price. */
  readonly costUsd: number | undefined;
}

/** What the plan found about one backend for one job. */
export type Candidate = Refused | Scored;

interface Refused {
  readonly kind: 'refused';
  readonly backendId: BackendId;
  readonly location: BackendLocation;
  readonly code: FilterCode;
  readonly scope: 'lane' | 'job';
  readonly because: string;
}

export interface Scored {
  readonly kind: 'scored';
  readonly backendId: BackendId;
  readonly location: BackendLocation;
  /** As it stood when the job was decided. */
  readonly load: BackendLoad;
  /** The name clients use for the model it would run. */
  readonly model: string;
  readonly score: number;
  readonly components: Readonly<Record<ScorerName, number>>;
  readonly prediction: Prediction;
}

/** What sent a job where it went: local room; too little slack; depth, while slack is blind; or only the cloud can. */
export type Trigger = 'local' | 'slack' | 'displaced' | 'depth' | 'local-down' | 'cloud-only' | 'strategy';

/** Why the plan did what it did with a job: data first, one sentence for people. Names every backend. */
export interface Explanation {
  /** Its place among all jobs this plan considered: 1 for the first. */
  readonly rank: number;
  /** The class it competes in: more urgent than its own once it is promoted. */
  readonly competesAs: JobClass;
  readonly aged: boolean;
  readonly tenantVirtualTokens: number;
  /** Jobs of its model group that wait. */
  readonly depth: number;
  readonly overflowing: boolean;
  readonly trigger: Trigger;
  /** What its answer is taken for, in tokens. */
  readonly output: { readonly p50: number; readonly p90: number };
  /** When local hardware would have it ready, as far as anybody can tell; undefined where no local backend could. */
  readonly localFinishAtMs: EpochMs | undefined;
  readonly candidates: readonly Candidate[];
  readonly why: string;
}
