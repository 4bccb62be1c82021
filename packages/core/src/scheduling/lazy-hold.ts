import type { EpochMs } from '../time.ts';
import { explain, type Explainer } from './explain.ts';
import type { Explanation } from './explanation.ts';
import type { Hold } from './plan-result.ts';
import type { JobView, LaneView } from './snapshot.ts';

/** A hold whose explanation is made when it is asked for. */
export class LazyHold implements Hold {
  readonly job: JobView;
  readonly lane: LaneView;
  readonly estimatedFinishAtMs: EpochMs | undefined;
  readonly reasons: string;
  readonly #explainer: Explainer;
  #explanation: Explanation | undefined;

  constructor(explainer: Explainer, reasons: string) {
    const { contender, localFinishAtMs } = explainer;
    this.job = contender.job;
    this.lane = contender.lane;
    this.estimatedFinishAtMs = Number.isFinite(localFinishAtMs) ? localFinishAtMs : undefined;
    this.reasons = reasons;
    this.#explainer = explainer;
  }

  get explanation(): Explanation {
    this.#explanation ??= explain(this.#explainer, undefined);
    return this.#explanation;
  }
}
