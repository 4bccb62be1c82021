import type { BlobKey, BlobStore } from '@spillway/blobs';
import { splitLines } from '../lines/split-lines.ts';

/**
 * The lines of a file we wrote from the `from`-th (from 0) on; undefined when it is not there. It must be read, or left
 * early: it holds a file or a connection.
 */
export async function openLines(
  blobs: BlobStore,
  key: BlobKey,
  from: number,
  { signal }: { readonly signal: AbortSignal },
): Promise<AsyncGenerator<string, void, undefined> | undefined> {
  const read = await blobs.read(key, { signal });
  return read === undefined ? undefined : textsFrom(read.body, from);
}

async function* textsFrom(
  body: AsyncIterable<Uint8Array>,
  from: number,
): AsyncGenerator<string, void, undefined> {
  let line = 0;
  // As long as they are: an answer was bounded when it was taken.
  for await (const lines of splitLines(body, Number.MAX_SAFE_INTEGER)) {
    for (const { bytes } of lines.slice(Math.max(0, from - line))) yield bytes.toString('utf8');
    line += lines.length;
  }
}
