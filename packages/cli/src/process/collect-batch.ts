import { SpillwayError, type SpillwayClient } from '@spillway/client';
import type { DocumentBatchBody } from '@spillway/contracts';
import { hasBatchEnded, type BatchId } from '@spillway/core';
import { failedLine, type OutLine } from './result-lines.ts';
import type { DocumentKey } from './state-file.ts';

export interface CollectBatch {
  readonly client: Pick<SpillwayClient, 'documentBatches'>;
  readonly id: BatchId;
  /** Documents without a result, by their place in the batch; those handed over are gone when it is asked again. */
  readonly pending: ReadonlyMap<number, DocumentKey>;
  /** Number of the last result seen. */
  readonly after: number | undefined;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  readonly onBatch: (batch: DocumentBatchBody) => void;
  /** Called with new results; they are safe when it resolves. */
  readonly onResults: (results: readonly Collected[]) => Promise<void>;
}

export interface Collected {
  /** Its place in the batch. */
  readonly index: number;
  /** Its place in the order in which they ended. */
  readonly seq: number;
  readonly line: OutLine;
}

const CHUNK_RESULTS = 64;
const CHUNK_MS = 1000;

/**
 * Follows a batch to its end and hands over the result of every pending document once, under the name and digest it
 * was sent with. Made for being called again after a failure with what is pending still. `lost`: the platform does not
 * know the batch any more.
 */
export async function collectBatch(collect: CollectBatch): Promise<'ended' | 'lost'> {
  const { client, id, signal, onBatch, onResults, pending } = collect;
  let after = collect.after ?? -1;
  try {
    for await (const batch of client.documentBatches.changes(id, { signal })) {
      onBatch(batch);
      const isOver = hasBatchEnded(batch.status);
      if (isOver || endedDocuments(batch) > after + 1) after = await takeResults(collect, after);
      if (!isOver) continue;
      const detail = `the batch ended (${batch.status}) without a result for this document`;
      const left = [...pending].map(([index, { path, sha256 }]) => ({
        index,
        seq: after,
        line: failedLine(path, sha256, { code: 'no-result', detail }),
      }));
      await onResults(left);
      break;
    }
  } catch (error) {
    if (error instanceof SpillwayError && error.code === 'batch-not-found') return 'lost';
    throw error;
  }
  return 'ended';
}

const endedDocuments = ({ document_counts: counts }: DocumentBatchBody): number =>
  counts.completed + counts.failed + counts.cancelled + counts.expired;

/** Hands over what stands behind a result; resolves with the number of the last one seen. */
async function takeResults(
  { client, id, signal, nowMs, onResults, pending }: CollectBatch,
  after: number,
): Promise<number> {
  let last = after;
  let chunk: Collected[] = [];
  let flushedAtMs = nowMs();
  const flush = async (): Promise<void> => {
    const results = chunk;
    chunk = [];
    flushedAtMs = nowMs();
    if (results.length > 0) await onResults(results);
  };
  try {
    const behind = after < 0 ? undefined : after;
    for await (const { index, seq, ...result } of client.documentBatches.results(id, {
      after: behind,
      signal,
    })) {
      last = seq;
      const document = pending.get(index);
      if (document === undefined) continue;
      const line = { ...result, document: document.path, sha256: document.sha256 };
      chunk.push({ index, seq, line });
      if (chunk.length >= CHUNK_RESULTS || nowMs() - flushedAtMs >= CHUNK_MS) await flush();
    }
  } finally {
    // what has arrived is kept, also when the stream broke
    await flush();
  }
  return last;
}
