import type { BackendLocation } from '../backend/inference-backend.ts';
import type { BackendId } from '../id/name.ts';
import type { FilterCode } from './filters/filter.ts';
import type { OverflowState } from './overflow.ts';

/** What the plan found about one backend for one job. */
export type Candidate =
  | {
      readonly kind: 'refused';
      readonly backendId: BackendId;
      readonly location: BackendLocation;
      readonly code: FilterCode;
      readonly scope: 'lane' | 'job';
      readonly because: string;
    }
  | {
      readonly kind: 'scored';
      readonly backendId: BackendId;
      readonly location: BackendLocation;
      /** The name clients use for the model it would run. */
      readonly model: string;
      readonly score: number;
      readonly components: Readonly<Record<string, number>>;
    };

/** Why the plan did what it did with a job: data first, one sentence for people. Names every backend. */
export interface Explanation {
  /** 1 for the first job this plan considered. */
  readonly rank: number;
  readonly tenantVirtualTokens: number;
  readonly depth: number;
  readonly overflowing: boolean;
  readonly trigger: OverflowState['trigger'];
  readonly candidates: readonly Candidate[];
  readonly why: string;
}

type Scored = Extract<Candidate, { kind: 'scored' }>;

/** The sentence for an assignment. */
export function whyAssigned(
  chosen: Scored,
  candidates: readonly Candidate[],
  overflow: OverflowState,
): string {
  const beaten = candidates
    .filter((other) => other.kind === 'scored')
    .filter((other) => other.backendId !== chosen.backendId && other.location === chosen.location)
    .map((other) => `${other.backendId} ${other.score.toFixed(2)}`);
  const against =
    beaten.length === 0 ? '' : `, score ${chosen.score.toFixed(2)} against ${beaten.join(', ')}`;
  if (chosen.location === 'local') return `local backend with room${against}`;
  return overflow.trigger === 'cloud-only'
    ? `cloud: ${overflow.because}${against}`
    : `overflow: ${overflow.because}${against}`;
}

/** The sentence for a job that stays where it is: every backend refused it. */
export function whyHeld(candidates: readonly Candidate[]): string {
  if (candidates.length === 0) return 'no backend is configured';
  return candidates
    .filter((candidate) => candidate.kind === 'refused')
    .map(({ backendId, because }) => `${backendId}: ${because}`)
    .join('; ');
}
