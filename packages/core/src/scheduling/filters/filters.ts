import type { BackendView, JobView } from '../snapshot.ts';
import { budget } from './budget.ts';
import { concurrency } from './concurrency.ts';
import { contextFit } from './context-fit.ts';
import { cooling } from './cooling.ts';
import { costCap } from './cost-cap.ts';
import { excludedAfterFailure } from './excluded-after-failure.ts';
import type { Filter } from './filter.ts';
import { health } from './health.ts';
import { keptForEarlier } from './kept-for-earlier.ts';
import { kvHeadroom } from './kv-headroom.ts';
import { lastChanceAlone } from './last-chance-alone.ts';
import { overflowClosed } from './overflow-closed.ts';
import { pinnedGuard } from './pinned-guard.ts';
import { privacyPin } from './privacy-pin.ts';
import { qualityFloor } from './quality-floor.ts';
import { rateLimit } from './rate-limit.ts';
import { servesEndpoint } from './serves-endpoint.ts';
import { strategy } from './strategy.ts';

/**
 * In the order they are asked: what can never change first, what changes with every tick last. That the backend
 * serves a model of the group comes before them all: see `evaluate.ts`.
 */
export const FILTERS = [
  servesEndpoint,
  strategy,
  privacyPin,
  contextFit,
  qualityFloor,
  health,
  cooling,
  excludedAfterFailure,
  overflowClosed,
  costCap,
  budget,
  rateLimit,
  concurrency,
  pinnedGuard,
  keptForEarlier,
  kvHeadroom,
  lastChanceAlone,
] as const satisfies readonly Filter[];

export type FilterCode = (typeof FILTERS)[number]['code'];
export const FILTER_CODES: readonly FilterCode[] = FILTERS.map(({ code }) => code);

/** The codes of the filters that are so. */
export const codesWhere = (isSo: (filter: Filter) => boolean): ReadonlySet<FilterCode> =>
  new Set(FILTERS.filter(isSo).map(({ code }) => code));

const LASTING = FILTERS.filter((filter) => filter.passes === 'never');

/** Whether a backend that serves the model could run the job at all, were it idle and well. */
export function couldRun(job: JobView, backend: BackendView): boolean {
  for (const filter of LASTING) if (filter.refuses(job, backend) !== undefined) return false;
  return true;
}
