import type { BlobKey, BlobStore } from '@spillway/blobs';
import { readIndex } from './line-index.ts';
import { splitLines } from './split-lines.ts';

/** Can be read once, and holds a file or a connection until it is read to its end, left early or disposed of. */
export interface InputLines extends AsyncIterable<InputLine>, AsyncDisposable {}

export interface InputLine {
  /** Its number in the input, from 0. */
  readonly line: number;
  readonly text: string;
}

/**
 * `count` lines of a validated input from the `from`-th on, by its index; fewer beyond its end. Undefined when the input
 * or the index is not there any more.
 */
export async function openInputLines(
  blobs: BlobStore,
  { input, index }: { readonly input: BlobKey; readonly index: BlobKey },
  { from, count, signal }: { readonly from: number; readonly count: number; readonly signal: AbortSignal },
): Promise<InputLines | undefined> {
  const isWindow = count <= MOST_INDEXED;
  const offsets = await readIndex(blobs, index, from, isWindow ? count : 1, { signal });
  if (offsets === undefined) return undefined;
  const [start = 0, ...others] = offsets;
  // One entry alone is where the last line ends. The input must be there all the same.
  const isBeyond = others.length === 0;
  const end = isBeyond ? start : isWindow ? others.at(-1) : undefined;
  const read = await blobs.read(input, { signal, range: { start, end } });
  if (read === undefined) return undefined;
  return {
    [Symbol.asyncIterator]: () => numbered(read.body, from, from + count),
    [Symbol.asyncDispose]: () => read.body[Symbol.asyncDispose](),
  };
}

/** More lines than that are read on from the first: an index of millions is not to be in memory. */
const MOST_INDEXED = 8192;

async function* numbered(
  body: AsyncIterable<Uint8Array>,
  from: number,
  to: number,
): AsyncGenerator<InputLine, void, undefined> {
  let line = from;
  // Validated lines are short enough.
  for await (const lines of splitLines(body, Number.MAX_SAFE_INTEGER)) {
    for (const { bytes } of lines) {
      if (line === to) return;
      yield { line, text: bytes.toString('utf8') };
      line += 1;
    }
  }
}
