import { assertNever } from '../assert-never.ts';
import type { EpochMs } from '../time.ts';
import type { DeliveryAnswer } from './answer.ts';
import type { DeliverySchedule } from './schedule.ts';

export type DeliveryDecision =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'again'; readonly attemptAtMs: EpochMs }
  | { readonly kind: 'dead'; readonly because: 'endpoint-gone' | 'refused' | 'attempts-exhausted' };

/**
 * What follows an attempt of a delivery. Any 2xx ends it; 410 and what we refuse to send end it too, since nothing
 * changes by waiting; everything else, redirects included, gets the next attempt of the schedule, ±10 %.
 *
 * @param attemptsMade attempts finished so far, this one included; 1 or more
 * @param jitter a number in [0, 1), chosen by the caller
 */
export function decideDelivery(
  answer: DeliveryAnswer,
  attemptsMade: number,
  schedule: DeliverySchedule,
  nowMs: EpochMs,
  jitter: number,
): DeliveryDecision {
  const next = (atLeastMs: number): DeliveryDecision => {
    const delayMs = schedule[attemptsMade];
    if (delayMs === undefined) return { kind: 'dead', because: 'attempts-exhausted' };
    const jitteredMs = Math.round(delayMs * (0.9 + 0.2 * jitter));
    return { kind: 'again', attemptAtMs: nowMs + Math.max(jitteredMs, atLeastMs) };
  };
  switch (answer.kind) {
    case 'answered':
      if (answer.status >= 200 && answer.status < 300) return { kind: 'delivered' };
      if (answer.status === GONE) return { kind: 'dead', because: 'endpoint-gone' };
      return next(askedToWaitMs(answer));
    case 'timed-out':
    case 'unreachable':
      return next(0);
    case 'refused':
      return { kind: 'dead', because: 'refused' };
    default:
      return assertNever(answer);
  }
}

const askedToWaitMs = ({ status, retryAfterMs }: Extract<DeliveryAnswer, { kind: 'answered' }>): number =>
  THROTTLING.has(status) ? Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS) : 0;

const GONE = 410;
/** The answers whose Retry-After is obeyed: too many requests, bad gateway, unavailable, gateway timeout. */
const THROTTLING: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** A receiver may slow us down, not park a delivery for a year. */
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;
