import type { Candidate } from './explanation.ts';
import type { Filter, FilterContext } from './filters/filter.ts';
import { FILTERS } from './filters/filters.ts';
import type { Holding } from './capacity.ts';
import { SCORERS } from './scorers/scorers.ts';
import type { BackendView, JobView } from './snapshot.ts';

type Scored = Extract<Candidate, { kind: 'scored' }>;

export interface Evaluation {
  readonly candidates: readonly Candidate[];
  readonly chosen: Scored | undefined;
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
  holdingOf: (backend: BackendView) => Holding,
  context: Omit<FilterContext, 'holding'>,
): Evaluation {
  const strict = candidatesOf(job, backends, holdingOf, context, FILTERS);
  const elsewhere = strict.some(
    (candidate) =>
      candidate.kind === 'scored' || (candidate.code !== 'EXCLUDED_AFTER_FAILURE' && isTemporary(candidate)),
  );
  const candidates =
    elsewhere || job.excluded.length === 0
      ? strict
      : candidatesOf(
          job,
          backends,
          holdingOf,
          context,
          FILTERS.filter((filter) => filter.code !== 'EXCLUDED_AFTER_FAILURE'),
        );
  return { candidates, chosen: choose(candidates) };
}

const TEMPORARY: ReadonlySet<string> = new Set(['COOLING', 'CONCURRENCY', 'KV_HEADROOM']);

/** A backend that refuses only for now: worth waiting for rather than going back to one that failed. */
const isTemporary = (candidate: Candidate): boolean =>
  candidate.kind === 'refused' && TEMPORARY.has(candidate.code);

function candidatesOf(
  job: JobView,
  backends: readonly BackendView[],
  holdingOf: (backend: BackendView) => Holding,
  context: Omit<FilterContext, 'holding'>,
  filters: readonly Filter[],
): readonly Candidate[] {
  return backends.map((backend): Candidate => {
    const holding = holdingOf(backend);
    const { id: backendId, location } = backend;
    for (const filter of filters) {
      const because = filter.refuses(job, backend, { ...context, holding });
      if (because !== undefined) {
        return { kind: 'refused', backendId, location, code: filter.code, scope: filter.scope, because };
      }
    }
    const components: Record<string, number> = {};
    let score = 0;
    for (const scorer of SCORERS) {
      const component = scorer.score(job, backend, { holding, models: context.models });
      components[scorer.name] = component;
      score += scorer.weight * component;
    }
    const model = context.models.find((name) => backend.models.includes(name)) ?? '';
    return { kind: 'scored', backendId, location, model, score, components };
  });
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
