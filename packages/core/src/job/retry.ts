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
  const ceilingMs = Math.min(policy.capMs, policy.baseMs * 2 ** (attemptsMade - 1));
  const availableAtMs = nowMs + Math.ceil(ceilingMs * jitter);
  return availableAtMs < deadlineAtMs
    ? { kind: 'retry', availableAtMs, elsewhere: verdict === 'retry-elsewhere' }
    : { kind: 'give-up', because: 'deadline' };
}
