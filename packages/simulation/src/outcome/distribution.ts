import type { Distribution } from '../report/simulation-report.ts';

/** Mean and exact quantiles (nearest rank) of some values; those that are no number do not count. */
export function distributionOf(values: Float64Array): Distribution {
  const sorted = values.toSorted();
  // NaN sorts behind everything else.
  let count = sorted.length;
  while (count > 0 && Number.isNaN(sorted[count - 1])) count -= 1;
  if (count === 0) return { mean: 0, p50: 0, p90: 0, p99: 0, max: 0 };
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += sorted[index] ?? 0;
  const quantile = (share: number): number => sorted[Math.max(0, Math.ceil(share * count) - 1)] ?? 0;
  return { mean: sum / count, p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99), max: quantile(1) };
}
