/** 0 %, 0.04 %, 4.2 %, 41 %. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.1) return `${percent < 0.01 ? '<0.01' : percent.toFixed(2)} %`;
  return `${percent.toFixed(1)} %`;
}

export const formatUsd = (usd: number): string => `$${usd >= 1000 ? formatCount(usd) : usd.toFixed(2)}`;

export const formatKwh = (kwh: number): string => (kwh >= 100 ? formatCount(kwh) : kwh.toFixed(2));

/** 0.42 s, 12.3 s, 4 min, 2.6 h. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  if (seconds < 6000) return `${(seconds / 60).toFixed(seconds < 600 ? 1 : 0)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** 1234567.8 → 1,234,568; the mean of several seeds keeps one digit while it is small. */
export function formatCount(count: number): string {
  const text = Number.isInteger(count) || count >= 100 ? String(Math.round(count)) : count.toFixed(1);
  return text.replaceAll(/\B(?=(\d{3})+(?:\.|$))/g, ',');
}
