import type { BackendLocation } from '../backend/inference-backend.ts';
import type { BackendId } from '../id/name.ts';
import type { BackendLoad } from './backend-load.ts';
import type { EvaluationContext } from './evaluate.ts';
import type { Prediction, Scored } from './explanation.ts';
import { byScorer, type ScorerName, SCORERS } from './scorers/scorers.ts';
import type { JobView } from './snapshot.ts';

/**
 * A backend that may take a job. Its score is worked out when somebody asks: replicas compare by time alone, and most
 * candidates are shown to nobody.
 */
export class ScoredCandidate implements Scored {
  readonly kind = 'scored';
  readonly model: string;
  readonly prediction: Prediction;
  /** As it stood when the job was decided. */
  readonly load: BackendLoad;
  readonly #job: JobView;
  readonly #context: EvaluationContext;
  #components: Readonly<Record<ScorerName, number>> | undefined;

  constructor(
    job: JobView,
    load: BackendLoad,
    context: EvaluationContext,
    model: string,
    prediction: Prediction,
  ) {
    this.model = model;
    this.prediction = prediction;
    this.load = load;
    this.#job = job;
    this.#context = context;
  }

  get backendId(): BackendId {
    return this.load.id;
  }

  get location(): BackendLocation {
    return this.load.location;
  }

  get components(): Readonly<Record<ScorerName, number>> {
    if (this.#components === undefined) {
      const { model, prediction } = this;
      const context = { ...this.#context, model, prediction };
      this.#components = byScorer((scorer) => scorer.score(this.#job, this.load, context));
    }
    return this.#components;
  }

  get score(): number {
    const { components } = this;
    const { weights } = this.#context.policy.strategies[this.#job.strategy];
    return SCORERS.reduce((sum, { name }) => sum + weights[name] * components[name], 0);
  }
}
