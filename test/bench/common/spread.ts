import { quantile } from '../report.ts';

/** Median and range over seeds, as a table shows them: `17.4 (17.1–17.9)`; one number where all are the same. */
export function spread(values: readonly number[], digits = 1): string {
  const shown = [quantile(values, 0.5), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  );
  const [median = '', least, most] = shown;
  return least === most ? median : `${median} (${least}–${most})`;
}
