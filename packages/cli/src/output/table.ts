import { stripVTControlCharacters } from 'node:util';

/**
 * Rows as left-aligned columns two spaces apart; widths ignore colours. A row that is shorter than the longest one is
 * a remark: its last cell reaches over the columns to its right.
 */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      const reachesOver = column === row.length - 1 && row.length < columns;
      widths[column] = Math.max(widths[column] ?? 0, reachesOver ? 0 : width(cell));
    }
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell))))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const width = (cell: string): number => stripVTControlCharacters(cell).length;
