import { err, ok, type Result } from '@spillway/core';
import { MOST_TOKENS } from './line-parser.ts';
import { splitCsv } from './split-csv.ts';

/** The cells of a CSV line by the names of its header, whatever their order and case. */
export type Row = Result<(column: string) => string, string>;

/** A reader of the lines under this header; undefined when one of the columns is missing. */
export function readColumns(header: string, wanted: readonly string[]): ((line: string) => Row) | undefined {
  const names = splitCsv(header)?.map(normalise) ?? [];
  const places = new Map(names.map((name, index) => [name, index]));
  if (!wanted.every((name) => places.has(normalise(name)))) return undefined;
  return (line) => {
    const cells = splitCsv(line);
    if (cells === undefined) return err('a quote is not closed');
    if (cells.length !== names.length)
      return err(`it has ${cells.length} columns where the header has ${names.length}`);
    return ok((column) => cells[places.get(normalise(column)) ?? -1] ?? '');
  };
}

/** A whole number of tokens. */
export function tokensOf(cell: string, column: string): Result<number, string> {
  // BurstGPT has been through a data frame: some of its copies say 27.0
  const tokens = /^\d{1,9}(?:\.0+)?$/.test(cell) ? Number(cell) : Number.NaN;
  return tokens <= MOST_TOKENS
    ? ok(tokens)
    : err(`${column} must be a whole number of tokens, 0 to ${MOST_TOKENS}`);
}

const normalise = (name: string): string => name.toLowerCase();
