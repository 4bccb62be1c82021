import type { PrefixLookup } from '../affinity/prefix-lookup.ts';
import type { BackendLoad } from './backend-load.ts';
import { servedModel } from './could-serve.ts';
import type { Candidate } from './explanation.ts';
import { excludedAfterFailure } from './filters/excluded-after-failure.ts';
import type { Filter, FilterContext } from './filters/filter.ts';
import { codesWhere, type FilterCode, FILTERS } from './filters/filters.ts';
import { predict } from './forecast/predict.ts';
import type { Joining } from './forecast/pool.ts';
import { ScoredCandidate } from './scored-candidate.ts';
import type { JobView } from './snapshot.ts';

export interface EvaluationContext extends FilterContext {
  readonly prefixes: PrefixLookup;
  /** Jobs that wait for each local backend, and what they are like. */
  readonly waiting: number;
  readonly joining: Joining;
  readonly leastJoulesPerToken: number;
}

/**
 * Each of the backends for one job: refused with a reason or scored.
 *
 * @param exclusions `lifted`: also those where an attempt failed and asked for another backend
 */
export function evaluate(
  job: JobView,
  backends: readonly BackendLoad[],
  context: EvaluationContext,
  exclusions: 'kept' | 'lifted' = 'kept',
): readonly Candidate[] {
  const filters = exclusions === 'kept' ? FILTERS : LIFTED;
  return backends.map((backend) => toCandidate(job, backend, context, filters));
}

/** Whether one of them can take the job now, or after a wait that is better than going back to a backend that failed. */
export const offersHope = (candidates: readonly Candidate[]): boolean =>
  candidates.some((candidate) => candidate.kind === 'scored' || TEMPORARY.has(candidate.code));

/** Refusals that pass by themselves: worth waiting for rather than going back to a backend that failed. */
const TEMPORARY = codesWhere(({ passes }) => passes === 'by-itself');

const LIFTED = FILTERS.filter((filter) => filter !== excludedAfterFailure);

function toCandidate(
  job: JobView,
  backend: BackendLoad,
  context: EvaluationContext,
  filters: readonly Filter<FilterCode>[],
): Candidate {
  const { id: backendId, location } = backend;
  const model = servedModel(context.models, backend);
  if (model === undefined) {
    const because = 'serves none of the models asked for';
    return { kind: 'refused', backendId, location, code: 'CAPABILITY', scope: 'lane', because };
  }
  for (const { code, scope, refuses } of filters) {
    const because = refuses(job, backend, context, model);
    if (because !== undefined) return { kind: 'refused', backendId, location, code, scope, because };
  }
  const { nowMs, policy, output, waiting, joining } = context;
  const matched = job.prefix.length === 0 ? 0 : context.prefixes.matchedBlocks(backendId, job.prefix);
  // The last token is always computed: an engine needs it to begin its answer.
  const cachedTokens = Math.min(matched * policy.prefixBlockTokens, Math.max(0, job.inputTokens - 1));
  const prediction = predict(job, backend, { nowMs, output, cachedTokens, waiting, joining });
  return new ScoredCandidate(job, backend, context, model, prediction);
}
