/** A length of time as a person says it: 850 ms, 12.3 s, 4 min 10 s, 2 h 5 min. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A length of time that may be over: -12.3 s. */
export const formatSpan = (ms: number): string => (ms < 0 ? `-${formatDuration(-ms)}` : formatDuration(ms));

/** Dollars with as many digits as a cheap request needs: $0, $0.00042, $12.30. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0';
  if (usd >= 0.01) return `$${usd.toFixed(2)}`;
  return usd < 1e-6 ? 'under $0.000001' : `$${Number(usd.toPrecision(2)).toFixed(6).replace(/0+$/, '')}`;
}

/** 1234567 → 1,234,567, whatever the machine's locale. */
export const formatCount = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');

export const formatBytes = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
