import { SpillwayError, type SpillwayClient } from '@spillway/client';
import type { DocumentResult } from '@spillway/contracts';
import type { BatchId } from '@spillway/core';
import type { DocumentKey } from './state-file.ts';

export interface CollectBatch {
  readonly client: Pick<SpillwayClient, 'documentBatches'>;
  readonly id: BatchId;
  readonly documents: readonly DocumentKey[];
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  /** Called with new results; they are safe when it resolves. */
  readonly onResults: (results: readonly DocumentResult[]) => Promise<void>;
}

const CHUNK_RESULTS = 64;
const CHUNK_MS = 1000;

/**
 * Follows a batch to its end and hands over the result of every document once, under the name and digest it was sent
 * with. Made for being called again after a failure with the documents still missing. `lost`: the platform does not
 * know the batch any more.
 */
export async function collectBatch(collect: CollectBatch): Promise<'completed' | 'lost'> {
  const { client, id, signal, onResults } = collect;
  const missing = new Map(collect.documents.map((document) => [document.path, document]));
  try {
    for await (const batch of client.documentBatches.changes(id, { signal })) {
      const { completed, failed, cancelled, expired } = batch.document_counts;
      if (completed + failed + cancelled + expired > 0 || batch.status === 'completed') {
        await takeResults(collect, missing);
        if (missing.size === 0) return 'completed';
      }
    }
  } catch (error) {
    if (error instanceof SpillwayError && error.code === 'batch-not-found') return 'lost';
    throw error;
  }
  await onResults([...missing.values()].map(withoutResult));
  return 'completed';
}

async function takeResults(
  { client, id, signal, nowMs, onResults }: CollectBatch,
  missing: Map<string, DocumentKey>,
): Promise<void> {
  let chunk: DocumentResult[] = [];
  let flushedAtMs = nowMs();
  const flush = async (): Promise<void> => {
    const results = chunk;
    chunk = [];
    flushedAtMs = nowMs();
    if (results.length > 0) await onResults(results);
  };
  try {
    for await (const result of client.documentBatches.results(id, { signal })) {
      const document = documentOf(result, missing);
      if (document === undefined) continue;
      missing.delete(document.path);
      chunk.push({ ...result, document: document.path, sha256: document.sha256 });
      if (chunk.length >= CHUNK_RESULTS || nowMs() - flushedAtMs >= CHUNK_MS) await flush();
    }
  } finally {
    // what has arrived is kept, also when the stream broke
    await flush();
  }
}

/** By name; a platform that shortens names is understood by the digest. */
function documentOf(
  result: DocumentResult,
  missing: ReadonlyMap<string, DocumentKey>,
): DocumentKey | undefined {
  const named = missing.get(result.document);
  if (named !== undefined) return named;
  return missing
    .values()
    .find(({ path, sha256 }) => sha256 === result.sha256 && path.endsWith(`/${result.document}`));
}

const withoutResult = ({ path, sha256 }: DocumentKey): DocumentResult => ({
  document: path,
  sha256,
  job_id: null,
  status: 'failed',
  output: null,
  usage: null,
  served_by: null,
  why: null,
  seconds: null,
  error: { code: 'no-result', detail: 'the batch ended without a result for this document' },
});
