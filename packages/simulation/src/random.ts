/** A draw from the log-normal distribution that has these quantiles, by two draws of a `seededRandom`. */
export function logNormal(
  random: () => number,
  { p50, p95 }: { readonly p50: number; readonly p95: number },
): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  // 95 % of a standard normal distribution lie below 1.645.
  return p50 * Math.exp((normal * Math.log(p95 / p50)) / 1.645);
}
