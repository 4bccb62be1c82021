/** Nobody asks for more than a day in good faith; a longer wait is cut to this. */
const MAX_MS = 24 * 60 * 60 * 1000;

/**
 * Milliseconds until the vendor wants to hear from us again, as its headers say; undefined when they are silent. When
 * its rate limits recover counts only for a 429: an overloaded vendor sends healthy limits along.
 */
export function parseRetryAfterMs(status: number, headers: Headers, nowMs: number): number | undefined {
  const limitsMs = (): number | undefined =>
    status === 429
      ? (bucketWaitMs(openAiBuckets(headers)) ?? bucketWaitMs(anthropicBuckets(headers, nowMs)))
      : undefined;
  const waitMs =
    milliseconds(headers.get('retry-after-ms')) ??
    secondsOrDate(headers.get('retry-after'), nowMs) ??
    limitsMs();
  return waitMs === undefined ? undefined : Math.min(Math.max(0, Math.ceil(waitMs)), MAX_MS);
}

/** One of a vendor's rate limits: how much is left, and how long until it is whole again. */
interface Bucket {
  readonly exhausted: boolean;
  readonly resetInMs: number;
}

/** All exhausted limits must recover; where none says it is, the first to recover may let us in. */
function bucketWaitMs(buckets: readonly Bucket[]): number | undefined {
  const exhausted = buckets.filter((bucket) => bucket.exhausted);
  if (exhausted.length > 0) return Math.max(...exhausted.map((bucket) => bucket.resetInMs));
  return buckets.length > 0 ? Math.min(...buckets.map((bucket) => bucket.resetInMs)) : undefined;
}

const openAiBuckets = (headers: Headers): readonly Bucket[] =>
  ['requests', 'tokens'].flatMap((what) =>
    bucket(
      headers.get(`x-ratelimit-remaining-${what}`),
      durationMs(headers.get(`x-ratelimit-reset-${what}`)),
    ),
  );

const anthropicBuckets = (headers: Headers, nowMs: number): readonly Bucket[] =>
  ['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((what) =>
    bucket(
      headers.get(`anthropic-ratelimit-${what}-remaining`),
      untilDateMs(headers.get(`anthropic-ratelimit-${what}-reset`), nowMs),
    ),
  );

const bucket = (remaining: string | null, resetInMs: number | undefined): readonly Bucket[] =>
  resetInMs === undefined ? [] : [{ exhausted: remaining?.trim() === '0', resetInMs }];

function milliseconds(raw: string | null): number | undefined {
  const value = raw === null || raw.trim() === '' ? Number.NaN : Number(raw);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

function secondsOrDate(raw: string | null, nowMs: number): number | undefined {
  const seconds = milliseconds(raw);
  return seconds === undefined ? untilDateMs(raw, nowMs) : seconds * 1000;
}

function untilDateMs(raw: string | null, nowMs: number): number | undefined {
  // a bare number is not a date, though Date.parse would take "-1" for one
  if (raw === null || !/[a-z]/i.test(raw)) return undefined;
  const atMs = Date.parse(raw);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Go-style durations: `12ms`, `6m0s`, `1h30m`, `1.5s`; a bare number is seconds. */
function durationMs(raw: string | null): number | undefined {
  if (raw === null) return undefined;
  const bare = milliseconds(raw);
  if (bare !== undefined) return bare * 1000;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(raw.trim())) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of raw.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)) {
    totalMs += Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  return totalMs;
}
