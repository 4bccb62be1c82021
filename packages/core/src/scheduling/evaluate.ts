import type { Candidate } from './explanation.ts';
import { excludedAfterFailure } from './filters/excluded-after-failure.ts';
import type { Filter, FilterCode, FilterContext } from './filters/filter.ts';
import { FILTERS } from './filters/filters.ts';
import { SCORERS } from './scorers/scorers.ts';
import type { BackendView, JobView } from './snapshot.ts';

type Scored = Extract<Candidate, { kind: 'scored' }>;

export interface Evaluation {
  readonly candidates: readonly Candidate[];
  readonly chosen: Scored | undefined;
}

export interface EvaluationContext extends FilterContext {
  /** The models that may serve the job, best first. */
  readonly models: readonly string[];
}

/**
 * Every backend for one job: refused with a reason or scored; and the one to take. Local backends go before cloud
 * ones whatever the scores: the cloud is for what local hardware cannot do. Ties break by backend id.
 *
 * When failed attempts have excluded every backend that could otherwise take the job, the exclusions are lifted:
 * the same backend again is better than none.
 */
export function evaluate(
  job: JobView,
  backends: readonly BackendView[],
  context: EvaluationContext,
): Evaluation {
  const candidatesBy = (filters: readonly Filter[]): readonly Candidate[] =>
    backends.map((backend) => toCandidate(job, backend, context, filters));
  const strict = candidatesBy(FILTERS);
  const elsewhere = strict.some((candidate) => candidate.kind === 'scored' || TEMPORARY.has(candidate.code));
  const candidates = elsewhere || job.excluded.length === 0 ? strict : candidatesBy(LIFTED);
  return { candidates, chosen: choose(candidates) };
}

/** Refusals that pass by themselves: worth waiting for rather than going back to a backend that failed. */
const TEMPORARY: ReadonlySet<FilterCode> = new Set([
  'COOLING',
  'CONCURRENCY',
  'KV_HEADROOM',
  'LAST_CHANCE_ALONE',
]);

const LIFTED = FILTERS.filter((filter) => filter !== excludedAfterFailure);

function toCandidate(
  job: JobView,
  backend: BackendView,
  context: EvaluationContext,
  filters: readonly Filter[],
): Candidate {
  const { id: backendId, location } = backend;
  const model = context.models.find((name) => backend.models.includes(name));
  if (model === undefined) {
    const because = 'serves none of the models asked for';
    return { kind: 'refused', backendId, location, code: 'CAPABILITY', scope: 'lane', because };
  }
  for (const { code, scope, refuses } of filters) {
    const because = refuses(job, backend, context);
    if (because !== undefined) return { kind: 'refused', backendId, location, code, scope, because };
  }
  const components: Record<string, number> = {};
  let score = 0;
  for (const scorer of SCORERS) {
    const component = scorer.score(job, backend, { models: context.models, model });
    components[scorer.name] = component;
    score += scorer.weight * component;
  }
  return { kind: 'scored', backendId, location, model, score, components };
}

function choose(candidates: readonly Candidate[]): Scored | undefined {
  let best: Scored | undefined;
  for (const candidate of candidates) {
    if (candidate.kind === 'scored' && (best === undefined || isBetter(candidate, best))) best = candidate;
  }
  return best;
}

function isBetter(a: Scored, b: Scored): boolean {
  if (a.location !== b.location) return a.location === 'local';
  if (a.score !== b.score) return a.score > b.score;
  return a.backendId < b.backendId;
}
