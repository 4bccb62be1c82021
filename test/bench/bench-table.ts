import { table } from '@spillway/cli/terminal';

/** Figures side by side, where one a line would hide what they say. */
export interface BenchTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What a reader must know of it. */
  readonly notes?: readonly string[];
}

/** As text for a terminal. */
export const textTable = ({ title, columns, rows, notes = [] }: BenchTable): string =>
  [title, '', table([columns, ...rows]), ...notes.map((note) => `  ${note}`)].join('\n');

/** As a section of a page under docs/benchmarks. */
export function markdownTable({ title, columns, rows, notes = [] }: BenchTable): string {
  const lines = [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [`## ${title}`, '', ...lines, ...notes.flatMap((note) => ['', note])].join('\n');
}
