import type { BlobStore } from '@spillway/blobs';
import { batchPaths, openInputLines } from '@spillway/batches';
import { type EpochMs, isJsonObject, type LineOutcome } from '@spillway/core';
import type { BatchRecord } from '@spillway/redis';
import { failedLine } from '../lines/failed-line.ts';
import { inputKey } from '../lines/input-key.ts';
import type { Tally } from './tally.ts';

/** The outcomes of lines that never got one, because their batch was cancelled or its time was over: from the input. */
export async function* readUnfinished(
  record: BatchRecord,
  tally: Tally,
  {
    blobs,
    signal,
    nowMs,
  }: { readonly blobs: BlobStore; readonly signal: AbortSignal; readonly nowMs: EpochMs },
): AsyncGenerator<LineOutcome, void, undefined> {
  const { total } = record.counts;
  if (tally.lines >= total) return;
  const index = { tenantId: record.tenantId, path: batchPaths(record.id).index };
  const range = { from: 0, count: total, signal };
  await using lines = await openInputLines(blobs, { input: inputKey(record), index }, range);
  if (lines === undefined) throw new Error(`the input of ${record.id} is not in the blob store any more`);
  const outcome = record.status === 'cancelling' ? 'cancelled' : 'expired';
  for await (const { line, text } of lines) {
    if (tally.has(line)) continue;
    const input: unknown = JSON.parse(text);
    const { custom_id: customId, document, sha256 } = isJsonObject(input) ? input : {};
    yield {
      ...failedLine(line, textOf(customId), NO_ERROR, nowMs),
      outcome,
      error: undefined,
      document:
        record.description.face === 'documents'
          ? { name: textOf(document), sha256: textOf(sha256), pages: undefined, chunks: 0, output: null }
          : undefined,
    };
  }
}

const NO_ERROR = { code: '', detail: '' };

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
