import { table } from '@spillway/cli/terminal';
import { type BenchTable, markdownTable } from './bench-table.ts';
import type { BenchReport, Figure } from './report.ts';

/** Its figures; its tables were shown when they were measured. */
export const textReport = (report: BenchReport): string =>
  `\n${table(report.figures.map(cellsOf))}\n\n${provenance(report)}\n`;

/** All of it, as the body of a page under docs/benchmarks. */
export function markdownReport(report: BenchReport): string {
  const figures: BenchTable = {
    title: 'Figures',
    columns: ['Figure', 'Ours', 'Beside it', 'Ratio', 'Aim'],
    rows: report.figures.map(cellsOf),
    notes: [provenance(report)],
  };
  return `${[figures, ...report.tables].map(markdownTable).join('\n\n')}\n`;
}

const cellsOf = (one: Figure): readonly string[] => [
  one.name,
  `${one.value} ${one.unit}`,
  one.baseline === null ? '' : `${one.baseline}: ${one.baseline_value} ${one.unit}`,
  one.ratio === null ? '' : `${one.ratio}x`,
  one.aim === null ? '' : `aim ${one.aim}: ${one.met ? 'met' : 'MISSED'}`,
];

const provenance = ({ runs, commit, machine }: BenchReport): string =>
  `${runs === 1 ? '1 run' : `${runs} runs, medians`} · commit ${commit} · ${machine}`;
