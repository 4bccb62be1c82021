import type { EpochMs } from '@spillway/core';

/** How long a Retry-After asks to wait, in ms: seconds or an HTTP date. Undefined when there is none to understand. */
export function parseRetryAfter(header: string | string[] | undefined, nowMs: EpochMs): number | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  if (value === undefined) return undefined;
  if (/^\d{1,12}$/.test(value)) return Number(value) * 1000;
  // what Date.parse takes for a date but does not begin with a weekday ("-1", "1.5") is no HTTP date
  const atMs = /^[A-Z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
