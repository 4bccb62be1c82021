import type { EpochMs } from '../time.ts';
import { type FailureReason, verdictOf } from './failure.ts';

export interface RetryPolicy {
  /** Attempts in all, the first one included. */
  readonly maxAttempts: number;
  readonly baseMs: number;
  readonly capMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = { maxAttempts: 4, baseMs: 500, capMs: 30_000 };

export type RetryDecision =
  | { readonly kind: 'retry'; readonly availableAtMs: EpochMs; readonly elsewhere: boolean }
  | { readonly kind: 'give-up'; readonly because: 'not-retryable' | 'attempts-exhausted' | 'deadline' };

/**
 * Whether a failed attempt is followed by another, and when: exponential backoff with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), never at or past the deadline.
 * A `Retry-After` is not the job's to wait for: it cools that backend down, and another may take the job at once.
 *
 * @param attemptsMade attempts finished so far, this one included; 1 or more
 * @param jitter a number in [0, 1), chosen by the caller
 */
export function decideRetry(
  reason: FailureReason,
  attemptsMade: number,
  deadlineAtMs: EpochMs,
  policy: RetryPolicy,
  nowMs: EpochMs,
  jitter: number,
): RetryDecision {
  const verdict = verdictOf(reason);
  if (verdict === 'give-up') return { kind: 'give-up', because: 'not-retryable' };
  if (attemptsMade >= policy.maxAttempts) return { kind: 'give-up', because: 'attempts-exhausted' };
  const availableAtMs = backOff(attemptsMade, policy, nowMs, jitter);
  return availableAtMs < deadlineAtMs
    ? { kind: 'retry', availableAtMs, elsewhere: verdict === 'retry-elsewhere' }
    : { kind: 'give-up', because: 'deadline' };
}

/**
 * When a job whose engine died under it is tried again, on whichever backend: the same backoff by the number of its
 * crashes, never at or past the deadline. How many are too many is the transition's to say, not the policy's: a crash
 * counts with the deaths of workers and uses up none of the attempts.
 *
 * @param crashes deaths of workers and engines with the job in their hands, this one included; 1 or more
 * @param jitter a number in [0, 1), chosen by the caller
 */
export function decideRetryAfterCrash(
  crashes: number,
  deadlineAtMs: EpochMs,
  policy: RetryPolicy,
  nowMs: EpochMs,
  jitter: number,
): RetryDecision {
  const availableAtMs = backOff(crashes, policy, nowMs, jitter);
  return availableAtMs < deadlineAtMs
    ? { kind: 'retry', availableAtMs, elsewhere: false }
    : { kind: 'give-up', because: 'deadline' };
}

function backOff(times: number, { baseMs, capMs }: RetryPolicy, nowMs: EpochMs, jitter: number): EpochMs {
  const ceilingMs = Math.min(capMs, baseMs * 2 ** (times - 1));
  return nowMs + Math.ceil(ceilingMs * jitter);
}
