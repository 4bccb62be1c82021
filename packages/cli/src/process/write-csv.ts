import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { JsonObject } from '@spillway/core';
import { csvCell } from './csv-cell.ts';
import { csvColumns } from './csv-columns.ts';
import { readResultLines } from './result-lines.ts';

/** Writes the lines of a run as a table (RFC 4180), one row a document; the table is whole or not there at all. */
export async function writeCsv(
  linesPath: string,
  csvPath: string,
  schema: JsonObject | undefined,
): Promise<void> {
  const temporary = `${csvPath}.tmp`;
  await pipeline(Readable.from(rows(linesPath, schema)), createWriteStream(temporary, { flush: true }));
  await rename(temporary, csvPath);
}

async function* rows(path: string, schema: JsonObject | undefined): AsyncGenerator<string> {
  const columns = csvColumns(schema);
  yield row(columns.map(({ header }) => header));
  for await (const { result } of readResultLines(path)) yield row(columns.map(({ value }) => value(result)));
}

const row = (values: readonly unknown[]): string => `${values.map(csvCell).join(',')}\r\n`;
