import type { BlobKey, BlobStore } from '@spillway/blobs';
import type { BatchRecord } from '@spillway/redis';
import { batchPaths } from '../batch-paths.ts';
import { createPacer } from '../give-way.ts';
import { splitLines } from '../lines/split-lines.ts';
import { openLines } from './open-lines.ts';
import { decodeOutcome } from './outcome-text.ts';

export interface FailedLinesOptions {
  /** One that has ended. */
  readonly batch: Pick<BatchRecord, 'id' | 'tenantId' | 'counts' | 'description'>;
  readonly blobs: BlobStore;
  readonly signal: AbortSignal;
}

/**
 * The input of another batch: the lines of this one whose outcome is not completed, in the order of the input.
 * Undefined when its input or its journal is not there any more. It must be read, or left early.
 *
 * The input is read through from its beginning, without the index: a range of its own for each of thousands of lines
 * takes longer than the 200 MB between them. Of the journal it keeps one bit a line.
 */
export async function openFailedLines({
  batch,
  blobs,
  signal,
}: FailedLinesOptions): Promise<AsyncGenerator<Uint8Array, void, undefined> | undefined> {
  const at = (path: string): BlobKey => ({ tenantId: batch.tenantId, path });
  const journal = await openLines(blobs, at(batchPaths(batch.id).journal), 0, { signal });
  if (journal === undefined) return undefined;
  const completed = await readCompleted(journal, batch.counts.total, signal);
  const input = await blobs.read(at(batch.description.inputPath), { signal });
  return input === undefined ? undefined : linesWithout(completed, input.body, signal);
}

async function readCompleted(
  journal: AsyncIterable<string>,
  total: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const pacer = createPacer(signal);
  const completed = new Uint8Array(Math.ceil(total / 8));
  for await (const text of journal) {
    if (pacer.isDue()) await pacer.giveWay();
    const { line, outcome } = decodeOutcome(text);
    if (outcome === 'completed') completed[line >> 3] = (completed[line >> 3] ?? 0) | (1 << (line & 7));
  }
  return completed;
}

async function* linesWithout(
  completed: Uint8Array,
  input: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const pacer = createPacer(signal);
  let line = 0;
  for await (const lines of splitLines(input, Number.MAX_SAFE_INTEGER)) {
    const failed: Buffer[] = [];
    for (const { bytes } of lines) {
      const isCompleted = ((completed[line >> 3] ?? 0) >> (line & 7)) & 1;
      if (isCompleted === 0) failed.push(bytes, LINE_END);
      line += 1;
    }
    if (failed.length > 0) yield Buffer.concat(failed);
    if (pacer.isDue()) await pacer.giveWay();
  }
}

const LINE_END = Buffer.from('\n');
