import type { Candidate } from './explanation.ts';
import type { FilterCode } from './filters/filter.ts';
import type { Hold } from './plan-result.ts';

/** A refusal that says nothing of the next job in the lane. */
export const isOfJobOnly = (candidate: Candidate): boolean =>
  candidate.kind === 'refused' && candidate.scope === 'job';

/** Refusals that a smaller job might not meet, and one that is as large meets for as long as the plan goes on. */
const WANT_OF_ROOM: ReadonlySet<FilterCode> = new Set([
  'HEALTH',
  'COOLING',
  'RATE_LIMIT',
  'CONCURRENCY',
  'KEPT_FOR_EARLIER',
  'KV_HEADROOM',
]);

export const isForWantOfRoom = (candidate: Candidate): boolean =>
  candidate.kind === 'refused' && WANT_OF_ROOM.has(candidate.code);

const codesOf = (candidates: readonly Candidate[]): ReadonlySet<FilterCode> =>
  new Set(candidates.filter((candidate) => candidate.kind === 'refused').map(({ code }) => code));

/** A short name for what keeps a job: the codes of its refusals. */
export const reasonsOf = (candidates: readonly Candidate[]): string =>
  [...codesOf(candidates)].toSorted().join();

/** Refusals that no wait will change. */
const LASTING: ReadonlySet<FilterCode> = new Set([
  'CAPABILITY',
  'STRATEGY',
  'PRIVACY_PIN',
  'CONTEXT_FIT',
  'QUALITY_FLOOR',
]);

/** Every backend that might have run the job finds it too long. Without one, the job waits for one to come. */
export function isUnservable(known: readonly Candidate[], hold: Hold): boolean {
  // What was not asked for want of room may be able to run it.
  return isLasting(known) && isLasting(hold.explanation.candidates);
}

function isLasting(candidates: readonly Candidate[]): boolean {
  const codes = codesOf(candidates);
  return codes.has('CONTEXT_FIT') && [...codes].every((code) => LASTING.has(code));
}
