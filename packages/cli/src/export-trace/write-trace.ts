import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { CliContext } from '../context.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Writes lines to stdout, or to a file that is there whole or not at all, gzipped when its name ends in .gz. Lines are
 * made as fast as they are taken.
 */
export async function writeTrace(
  lines: AsyncIterable<string>,
  file: string | undefined,
  { stdout, signal }: Pick<CliContext, 'stdout' | 'signal'>,
): Promise<void> {
  const source = Readable.from(lines);
  if (file === undefined) return pipeline(source, stdout, { signal, end: false });
  const unfinished = `${file}.${process.pid}.partial`;
  // nobody but the owner: what a tenant does all day is nobody else's business, even without a word of it
  const target = createWriteStream(unfinished, { mode: 0o600 });
  try {
    await (file.endsWith('.gz')
      ? pipeline(source, createGzip(), target, { signal })
      : pipeline(source, target, { signal }));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    if (error instanceof Error && 'syscall' in error && 'code' in error && 'path' in error)
      throw new UsageError(`${file} cannot be written (${String(error.code)}): name another file with --out`);
    throw error;
  }
}
