import type { EpochMs } from '../time.ts';
import { explain, type Explainer } from './explain.ts';
import type { Explanation } from './explanation.ts';
import type { Hold } from './plan-result.ts';
import type { JobView, LaneView } from './snapshot.ts';

/** A hold whose estimate and explanation are made when they are asked for. */
export class LazyHold implements Hold {
  readonly job: JobView;
  readonly lane: LaneView;
  readonly reasons: string;
  readonly #explainer: () => Explainer;
  #explanation: Explanation | undefined;

  constructor(job: JobView, lane: LaneView, reasons: string, explainer: () => Explainer) {
    this.job = job;
    this.lane = lane;
    this.reasons = reasons;
    this.#explainer = explainer;
  }

  get estimatedFinishAtMs(): EpochMs | undefined {
    return this.explanation.localFinishAtMs;
  }

  get explanation(): Explanation {
    this.#explanation ??= explain(this.#explainer(), undefined);
    return this.#explanation;
  }
}
