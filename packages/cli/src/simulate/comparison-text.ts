import { stripVTControlCharacters } from 'node:util';
import { comparisonColumns, summarisePolicies, type SimulationReport } from '@spillway/simulation';
import type { Output } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import { table } from '../output/table.ts';

/** The comparison of policies: a row each where the screen is wide enough, else a column each. */
export function comparisonText(report: SimulationReport, columns: number, style: Output['style']): string {
  const summaries = summarisePolicies(report);
  const figures = comparisonColumns(summaries);
  const heads = figures.map(({ head }) => style('dim', head));
  const rows = summaries.map((summary) => figures.map(({ cell }) => plainText(cell(summary))));
  const wide = table([heads, ...rows]);
  const fits = wide.split('\n').every((line) => stripVTControlCharacters(line).length <= columns);
  return fits ? wide : table(heads.map((head, index) => [head, ...rows.map((row) => row[index] ?? '')]));
}
