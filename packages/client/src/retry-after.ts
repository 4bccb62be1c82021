/** Reads `Retry-After` (RFC 9110 §10.2.3: seconds or an HTTP date) into milliseconds from now; never negative. */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const raw = header.trim();
  if (/^\d{1,9}$/.test(raw)) return Number(raw) * 1000;
  const atMs = Date.parse(raw);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
