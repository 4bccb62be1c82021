import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readResultLines } from './result-lines.ts';

/** Leaves the last line of every document, in their order; the file is whole at every moment. */
export async function compactLines(path: string): Promise<void> {
  const last = new Map<string, number>();
  let count = 0;
  for await (const { result } of readResultLines(path)) {
    count += 1;
    last.set(result.document, count);
  }
  const temporary = `${path}.tmp`;
  await pipeline(Readable.from(lastLines(path, last)), createWriteStream(temporary, { flush: true }));
  await rename(temporary, path);
}

async function* lastLines(path: string, last: ReadonlyMap<string, number>): AsyncGenerator<string> {
  let count = 0;
  for await (const { line, result } of readResultLines(path)) {
    count += 1;
    if (last.get(result.document) === count) yield `${line}\n`;
  }
}
