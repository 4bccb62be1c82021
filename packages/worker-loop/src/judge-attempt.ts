import type { FailureReason } from '@spillway/core';
import type { AttemptEnd } from './settlement.ts';

/** What an ended attempt says of its backend. */
export type Judgement = 'succeeded' | 'failed' | 'timed-out';

/**
 * Judges a backend by one attempt; undefined where it says nothing: the job's own mistakes, attempts that we stopped,
 * and being asked to wait, which is not unreliable.
 */
export function judgeAttempt({ outcome, stopped }: Omit<AttemptEnd, 'endedAtMs'>): Judgement | undefined {
  if (outcome.kind === 'completed') return 'succeeded';
  if (stopped === 'attempt-timeout') return 'timed-out';
  return stopped === undefined && outcome.kind === 'failed' ? judgeFailure(outcome.reason) : undefined;
}

function judgeFailure({ kind }: FailureReason): Judgement | undefined {
  switch (kind) {
    case 'backend-timeout':
      return 'timed-out';
    case 'backend-error':
    case 'backend-quota-exhausted':
    case 'backend-refused-credentials':
    case 'backend-unreachable':
    case 'engine-lost':
    case 'malformed-answer':
      return 'failed';
    case 'backend-overloaded':
    case 'context-exceeded':
    case 'invalid-request':
    case 'model-not-found':
    case 'privacy-violation-blocked':
    case 'unservable':
    case 'unsupported-by-backend':
    case 'worker-drained':
    case 'worker-lost':
      return undefined;
  }
}
