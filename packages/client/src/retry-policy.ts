import type { SpillwayError } from './spillway-error.ts';

export interface RetryPolicy {
  /** Further tries after the first. */
  readonly maxRetries: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** A longer `Retry-After` is not sat out inside a call: the error goes to the caller, who can plan. */
  readonly longestRetryAfterMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxRetries: 3,
  baseMs: 250,
  capMs: 8000,
  longestRetryAfterMs: 30_000,
};

const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * How long to wait before the next try, in ms, or `undefined` when another try would not help. Full jitter, and never
 * sooner than the platform asked. `jitter` is in [0, 1).
 */
export function retryDelayMs(
  error: SpillwayError,
  retriesMade: number,
  policy: RetryPolicy,
  jitter: number,
): number | undefined {
  if (retriesMade >= policy.maxRetries || !mayPass(error)) return undefined;
  const backoffMs = jitter * Math.min(policy.capMs, policy.baseMs * 2 ** retriesMade);
  if (error.retryAfterMs === undefined) return backoffMs;
  return error.retryAfterMs > policy.longestRetryAfterMs ? undefined : error.retryAfterMs + backoffMs;
}

function mayPass(error: SpillwayError): boolean {
  if (error.retryRefused) return false;
  if (error.status === undefined) return error.code === 'unreachable' || error.code === 'timed-out';
  // the caller asked to be refused: a retry would join the queue it did not want to join
  return error.code !== 'queue-too-long' && RETRYABLE_STATUS.has(error.status);
}
