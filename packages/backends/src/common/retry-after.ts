import { amount, untilDateMs } from './header-values.ts';
import { type RateLimit, readRateLimits } from './rate-limits.ts';

/** Nobody asks for more than a day in good faith; a longer wait is cut to this. */
const MAX_MS = 24 * 60 * 60 * 1000;

/**
 * Milliseconds until the vendor wants to hear from us again, as its headers say; undefined when they are silent. When
 * its rate limits recover counts only for a 429: an overloaded vendor sends healthy limits along.
 */
export function parseRetryAfterMs(status: number, headers: Headers, nowMs: number): number | undefined {
  const limitsMs = (): number | undefined =>
    status === 429 ? recoveryMs(readRateLimits(headers, nowMs)) : undefined;
  const waitMs =
    amount(headers.get('retry-after-ms')) ?? secondsOrDate(headers.get('retry-after'), nowMs) ?? limitsMs();
  return waitMs === undefined ? undefined : Math.min(Math.max(0, Math.ceil(waitMs)), MAX_MS);
}

/** All exhausted limits must recover; where none says it is, the first to recover may let us in. */
function recoveryMs(limits: readonly RateLimit[]): number | undefined {
  const exhausted = limits.filter(({ left }) => left === 0);
  if (exhausted.length > 0) return Math.max(...exhausted.map(({ resetInMs }) => resetInMs));
  return limits.length > 0 ? Math.min(...limits.map(({ resetInMs }) => resetInMs)) : undefined;
}

function secondsOrDate(raw: string | null, nowMs: number): number | undefined {
  const seconds = amount(raw);
  return seconds === undefined ? untilDateMs(raw, nowMs) : seconds * 1000;
}
