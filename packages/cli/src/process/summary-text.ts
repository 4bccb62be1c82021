import { formatCount, formatDuration, formatUsd } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import { table } from '../output/table.ts';
import { adviceFor } from './advice.ts';
import type { RunReport } from './run-process.ts';
import type { Summary } from './summarise.ts';

type Styler = Output['style'];
type Row = readonly [name: string, value: string];

const RULE = '─'.repeat(64);

/** The table at the end of a run. */
export function summaryText(report: RunReport, style: Styler): string {
  const { summary, out } = report;
  const rows: Row[] = [
    ['documents', documentsText(report)],
    ['completed', style('green', formatCount(summary.completed))],
    ...failureRows(summary, style),
    ['local · cloud', placesText(summary)],
    ...backendRows(summary),
    ['tokens', `${formatCount(summary.input_tokens)} in, ${formatCount(summary.output_tokens)} out`],
    ['cost', formatUsd(summary.cost_usd)],
    ['this run', runText(report)],
    ['results', style('bold', out)],
  ];
  const rule = style('dim', RULE);
  return [rule, table(rows.map(([name, value]) => [style('dim', name), value])), rule].join('\n');
}

function documentsText({ summary, skipped }: RunReport): string {
  const inside = [
    ...(summary.pages > 0 ? [counted(summary.pages, 'page')] : []),
    ...(summary.chunks > 0 ? [counted(summary.chunks, 'chunk')] : []),
    ...(skipped.length > 0 ? [`${counted(skipped.length, 'file')} skipped`] : []),
  ];
  return formatCount(summary.total) + (inside.length > 0 ? `  (${inside.join(', ')})` : '');
}

function failureRows(summary: Summary, style: Styler): readonly Row[] {
  const rows: Row[] = [];
  for (const status of ['failed', 'cancelled', 'expired'] as const) {
    if (summary[status] > 0) rows.push([status, style('red', formatCount(summary[status]))]);
  }
  for (const [reason, count] of largestFirst(summary.reasons)) {
    rows.push([`  ${plainText(reason)}`, `${formatCount(count)}  ${style('dim', `→ ${adviceFor(reason)}`)}`]);
  }
  if (summary.missing > 0) rows.push(['no outcome', style('red', formatCount(summary.missing))]);
  return rows;
}

function placesText({ local, cloud, simulated }: Summary): string {
  const more = simulated > 0 ? ` (${formatCount(simulated)} on a simulated engine)` : '';
  return `${formatCount(local)} · ${formatCount(cloud)}${more}`;
}

const backendRows = ({ backends }: Summary): readonly Row[] =>
  largestFirst(backends).map(([name, count]) => [`  ${plainText(name)}`, formatCount(count)]);

function runText({ sent, seconds, documentsPerMinute }: RunReport): string {
  const rate = documentsPerMinute === undefined ? '' : `, ${documentsPerMinute.toFixed(1)} a minute`;
  return `${counted(sent, 'document')} in ${formatDuration(seconds * 1000)}${rate}`;
}

const largestFirst = (counts: Readonly<Record<string, number>>): readonly (readonly [string, number])[] =>
  Object.entries(counts).toSorted(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1));

const counted = (count: number, what: string): string =>
  `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;
