import { stripVTControlCharacters } from 'node:util';
import { comparisonColumns, summarisePolicies, type SimulationReport } from '@spillway/simulation';
import type { Output } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import { table } from '../output/table.ts';
import { wrap } from '../output/wrap.ts';

/** More policies are rows: as columns they would be too far apart to compare. */
const POLICIES_AS_COLUMNS = 4;

/** What is left out where there is no room for all, the first one first. */
const LEFT_OUT_FIRST = [
  'flips',
  'kWh',
  'p99 wait batch',
  'cache hits',
  'p99 wait standard',
  'missed batch',
  'p99 first token',
  'p99 wait interactive',
  'missed standard',
  'cloud $/h',
  'missed pinned',
  'to cloud',
];

interface Figure {
  readonly head: string;
  /** One for each policy, in their order. */
  readonly cells: readonly string[];
}

/**
 * The comparison of policies in at most `columns` columns: a column for each of up to four policies where they fit, else
 * a row each, without the figures there is no room for and with a remark that names them.
 */
export function comparisonText(report: SimulationReport, columns: number, style: Output['style']): string {
  const summaries = summarisePolicies(report);
  const all = comparisonColumns(summaries).map(({ head, cell }): Figure => ({
    head,
    cells: summaries.map((summary) => plainText(cell(summary))),
  }));
  const fits = (text: string): boolean => widthOf(text) <= columns;
  const asColumns = table(all.map(({ head, cells }) => [style('dim', head), ...cells]));
  if (summaries.length <= POLICIES_AS_COLUMNS && fits(asColumns)) return asColumns;
  let shown: readonly Figure[] = all;
  for (const head of LEFT_OUT_FIRST) {
    if (fits(asRows(shown, style))) break;
    shown = shown.filter((figure) => figure.head !== head);
  }
  const rows = asRows(shown, style);
  if (shown.length === all.length) return rows;
  const missing = all.filter((figure) => !shown.includes(figure)).map(({ head }) => head);
  const remark = `No room for: ${missing.join(', ')}. A wider terminal or --json shows everything.`;
  return `${rows}\n\n${style('dim', wrap(remark, columns, 0))}`;
}

/** A row for each policy, below headings of two lines: `missed` over `batch`. */
function asRows(figures: readonly Figure[], style: Output['style']): string {
  const heads = figures.map(({ head }) => {
    const at = head.lastIndexOf(' ');
    return at === -1 ? ['', head] : [head.slice(0, at), head.slice(at + 1)];
  });
  const lines = [0, 1].map((line) => heads.map((head) => style('dim', head[line] ?? '')));
  const policies = figures[0]?.cells ?? [];
  return table([...lines, ...policies.map((_, row) => figures.map(({ cells }) => cells[row] ?? ''))]);
}

const widthOf = (text: string): number =>
  Math.max(...text.split('\n').map((line) => stripVTControlCharacters(line).length));
