import { formatCount, formatDuration, formatUsd } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import { table } from '../output/table.ts';
import type { RunReport } from './run-process.ts';

/** The table at the end of a run. */
export function summaryText({ summary, seconds, out, sent }: RunReport, style: Output['style']): string {
  const rows: (readonly [string, string])[] = [
    ['documents', formatCount(summary.total)],
    ['completed', style('green', formatCount(summary.completed))],
  ];
  for (const status of ['failed', 'cancelled', 'expired'] as const) {
    if (summary[status] > 0) rows.push([status, style('red', formatCount(summary[status]))]);
  }
  for (const [reason, count] of Object.entries(summary.reasons).toSorted(([, a], [, b]) => b - a)) {
    rows.push([`  ${plainText(reason)}`, formatCount(count)]);
  }
  if (summary.missing > 0) rows.push(['no outcome', style('red', formatCount(summary.missing))]);
  const simulated = summary.simulated > 0 ? ` (${formatCount(summary.simulated)} on a simulated engine)` : '';
  rows.push(
    ['local · cloud', `${formatCount(summary.local)} · ${formatCount(summary.cloud)}${simulated}`],
    ['tokens', `${formatCount(summary.input_tokens)} in, ${formatCount(summary.output_tokens)} out`],
    ['cost', formatUsd(summary.cost_usd)],
    ['this run', `${formatCount(sent)} documents in ${formatDuration(seconds * 1000)}`],
    ['results', out],
  );
  return table(rows.map(([name, value]) => [style('dim', name), value]));
}
