import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A prompt of 10 million tokens has 20,000 block hashes; no honest line is longer. */
const MAX_LINE_BYTES = 4_194_304;

/** The file is not one of lines of text: the message says why, without quoting it. */
export class UnreadableLines extends Error {
  override readonly name = 'UnreadableLines';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * The lines of a text file with their numbers, gzipped or not; blank ones are left out. One line is in memory at a
 * time, and one that is too long, or not UTF-8, ends the reading with `UnreadableLines`.
 */
export async function* openLines(
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly [number: number, line: string], void, undefined> {
  signal?.throwIfAborted();
  const bytes = await unpacked(createReadStream(path, { signal })[Symbol.asyncIterator]());
  let number = 1;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const take = (last: Buffer): string => {
    const whole = pending.length === 0 ? last : Buffer.concat([...pending, last]);
    pending = [];
    pendingBytes = 0;
    try {
      return decoder.decode(whole).trim();
    } catch {
      throw new UnreadableLines(number, 'the line is not UTF-8 text');
    }
  };
  try {
    for await (const chunk of bytes) {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        const line = take(chunk.subarray(from, end));
        if (line !== '') yield [number, line];
        number += 1;
        from = end + 1;
      }
      const rest = chunk.subarray(from);
      pendingBytes += rest.byteLength;
      if (pendingBytes > MAX_LINE_BYTES)
        throw new UnreadableLines(number, `the line is longer than ${MAX_LINE_BYTES} bytes`);
      if (rest.byteLength > 0) pending.push(rest);
    }
  } catch (error) {
    if (isZlibError(error)) throw new UnreadableLines(number, 'the gzipped file is damaged or cut off');
    throw error;
  }
  const last = take(Buffer.alloc(0));
  if (last !== '') yield [number, last];
}

/** By the first two bytes, not by the name: a pipe has none. */
async function unpacked(chunks: AsyncIterator<Buffer>): Promise<AsyncIterable<Buffer>> {
  const first = await chunks.next();
  async function* all(): AsyncGenerator<Buffer, void, undefined> {
    try {
      for (let next = first; next.done !== true; next = await chunks.next()) yield next.value;
    } finally {
      await chunks.return?.();
    }
  }
  const isGzip = first.done !== true && first.value[0] === 0x1f && first.value[1] === 0x8b;
  return isGzip ? pipeline(all, createGunzip(), () => undefined) : all();
}

const isZlibError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
