import type { Candidate } from './explanation.ts';
import { codesWhere, type FilterCode } from './filters/filters.ts';
import type { Hold } from './plan-result.ts';

/** A refusal that says nothing of the next job in the lane. */
export const isOfJobOnly = (candidate: Candidate): boolean =>
  candidate.kind === 'refused' && candidate.scope === 'job';

const WANT_OF_ROOM = codesWhere(({ wantOfRoom }) => wantOfRoom);

/** A refusal that a smaller job might not meet. */
export const isForWantOfRoom = (candidate: Candidate): boolean =>
  candidate.kind === 'refused' && WANT_OF_ROOM.has(candidate.code);

const codesOf = (candidates: readonly Candidate[]): ReadonlySet<FilterCode> =>
  new Set(candidates.filter((candidate) => candidate.kind === 'refused').map(({ code }) => code));

/** A short name for what keeps a job: the codes of its refusals. */
export const reasonsOf = (candidates: readonly Candidate[]): string =>
  [...codesOf(candidates)].toSorted().join();

/** Refusals that no wait will change. */
const LASTING = codesWhere(({ passes }) => passes === 'never' || passes === 'not-by-waiting');

/** Every backend that might have run the job finds it too long. Without one, the job waits for one to come. */
export function isUnservable(known: readonly Candidate[], hold: Hold): boolean {
  // What was not asked for want of room may be able to run it.
  return isLasting(known) && isLasting(hold.explanation.candidates);
}

function isLasting(candidates: readonly Candidate[]): boolean {
  const codes = codesOf(candidates);
  return (
    codes.has('CONTEXT_FIT') &&
    candidates.every((candidate) => candidate.kind === 'refused' && LASTING.has(candidate.code))
  );
}
