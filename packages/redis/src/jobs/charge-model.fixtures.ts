import { type JobEvent, type JobState, type Usage, virtualTokens } from '@spillway/core';

export const USAGE: Usage = { inputTokens: 10, cachedInputTokens: 0, outputTokens: 20, costMicroUsd: 0 };
/** More than the answer takes. */
export const CHARGE = 64;

export interface Attempted {
  readonly charge: number;
  readonly weight: number;
  readonly usage: Usage;
  /** Whether the backend was to blame for a failure. */
  readonly blamed: boolean;
}

/**
 * What a move of a job adds to its tenant's counter: charged when it is dispatched, corrected when it is done, given back
 * when nothing came of it through no fault of its own.
 *
 * @param state the one it leaves
 */
export function chargeOf(state: JobState, event: JobEvent, attempted: Partial<Attempted> = {}): number {
  const { charge, usage, weight, blamed } = {
    charge: CHARGE,
    usage: USAGE,
    weight: 1,
    blamed: false,
    ...attempted,
  };
  const isDispatched = state.kind === 'dispatched';
  switch (event.kind) {
    case 'dispatched':
      return charge;
    case 'attempt-completed':
      return virtualTokens(usage.inputTokens, usage.outputTokens, weight) - charge;
    case 'attempt-failed':
      return blamed || event.decision.kind === 'retry' ? -charge : 0;
    case 'rescued':
      return isDispatched || !event.blamed ? -charge : 0;
    case 'cancel-requested':
    case 'clock-expired':
      return isDispatched ? -charge : 0;
    case 'attempt-crashed':
    case 'claimed':
    case 'found-unservable':
      return 0;
  }
}
