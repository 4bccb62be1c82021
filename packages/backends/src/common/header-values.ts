/** A number that is not negative; undefined for anything else. */
export function amount(raw: string | null): number | undefined {
  const value = raw === null || raw.trim() === '' ? Number.NaN : Number(raw);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** Milliseconds until a date, 0 when it is past; undefined for what is no date. */
export function untilDateMs(raw: string | null, nowMs: number): number | undefined {
  // a bare number is not a date, though Date.parse would take "-1" for one
  if (raw === null || !/[a-z]/i.test(raw)) return undefined;
  const atMs = Date.parse(raw);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Go-style durations in milliseconds: `12ms`, `6m0s`, `1h30m`, `1.5s`; a bare number is seconds. */
export function durationMs(raw: string | null): number | undefined {
  if (raw === null) return undefined;
  const bare = amount(raw);
  if (bare !== undefined) return bare * 1000;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(raw.trim())) return undefined;
  let totalMs = 0;
  for (const [, number, unit] of raw.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)) {
    totalMs += Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  return totalMs;
}
