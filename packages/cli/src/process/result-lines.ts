import { createReadStream } from 'node:fs';
import { documentResultSchema, type DocumentResult } from '@spillway/contracts';
import { readLineStream } from '../read-line-stream.ts';
import { UsageError } from '../usage-error.ts';

/** One document's line in the output: a result without its place in a batch, which says nothing across batches. */
export type OutLine = Omit<DocumentResult, 'index'>;

interface ResultLine {
  readonly line: string;
  readonly result: OutLine;
}

const outLineSchema = documentResultSchema.omit({ index: true });

/** The results in the whole lines of a file's first `bytes`; throws a UsageError at a line that is none. */
export async function* readResultLines(
  path: string,
  bytes = Number.POSITIVE_INFINITY,
): AsyncGenerator<ResultLine, void, undefined> {
  if (bytes === 0) return;
  let number = 0;
  for await (const line of linesOf(path, bytes)) {
    number += 1;
    if (line?.trim() === '') continue;
    const result = line === undefined ? undefined : parseResultLine(line);
    if (line === undefined || result === undefined) {
      throw new UsageError(
        `${path} is left alone: its line ${number} is not a document's result. Give another --out.`,
      );
    }
    yield { line, result };
  }
}

/** Ends with `undefined` at a line that is no text or too long to be ours. */
async function* linesOf(path: string, bytes: number): AsyncGenerator<string | undefined, void, undefined> {
  try {
    yield* readLineStream(createReadStream(path, { end: bytes - 1 }));
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw error;
    yield undefined;
  }
}

export function parseResultLine(line: string): OutLine | undefined {
  try {
    return outLineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The line of a document that has no result of the platform. */
export const failedLine = (
  document: string,
  sha256: string,
  error: { readonly code: string; readonly detail: string },
): OutLine => ({
  document,
  sha256,
  pages: null,
  chunks: 0,
  status: 'failed',
  output: null,
  usage: null,
  served_by: null,
  why: null,
  seconds: null,
  error,
});
