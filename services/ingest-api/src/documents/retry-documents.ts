import { batchPaths } from '@spillway/batches';
import type { BlobKey } from '@spillway/blobs';
import { type ManifestLine, manifestLineSchema, storedDocumentOptionsSchema } from '@spillway/contracts';
import type { BatchId } from '@spillway/core';
import type { BatchCreation, BatchRecord, IdempotencyKey } from '@spillway/redis';
import { dropBatchBlobs, orphanedAtMs } from '../batches/batch-blobs.ts';
import { openRetry } from '../batches/retry.ts';
import { type SubmitDocumentsDeps, submitDocuments } from './submit-documents.ts';

export interface RetryDocumentsDeps extends SubmitDocumentsDeps {
  readonly newBatchId: () => BatchId;
}

/**
 * Makes another batch of the documents of an ended one that did not complete. Those that came with the form are copied:
 * the first batch takes its own with it when its time is over.
 */
export async function retryDocuments(
  batch: BatchRecord,
  idempotency: IdempotencyKey | undefined,
  deps: RetryDocumentsDeps,
  signal: AbortSignal,
): Promise<BatchCreation> {
  const { tenantId, description, webhook } = batch;
  const id = deps.newBatchId();
  const failed = await readManifest(await openRetry(batch, deps.blobs, signal));
  const documents: Omit<ManifestLine, 'custom_id'>[] = [];
  try {
    for (const [index, { custom_id: _first, ...document }] of failed.entries()) {
      const isOwn = document.path.startsWith(`${batchPaths(batch.id).prefix}/`);
      if (!isOwn) documents.push(document);
      else {
        const path = batchPaths(id).document(index);
        await copy({ tenantId, path: document.path }, { tenantId, path }, deps, signal);
        documents.push({ ...document, path });
      }
    }
  } catch (error) {
    await dropBatchBlobs(deps.blobs, tenantId, id);
    throw error;
  }
  const options = storedDocumentOptionsSchema.parse(description.options);
  return submitDocuments(
    {
      id,
      tenantId,
      documents,
      webhook,
      completionWindow: description.completionWindow,
      metadata: description.metadata,
      retainSeconds: undefined,
      retryOf: batch.id,
      options: { ...options, documents: documents.length },
    },
    idempotency,
    deps,
  );
}

/** One line is 2 KB at most, and a batch has 10,000 at most. */
async function readManifest(lines: AsyncIterable<Uint8Array>): Promise<readonly ManifestLine[]> {
  const chunks = await Array.fromAsync(lines);
  const texts = Buffer.concat(chunks).toString('utf8').split('\n');
  return texts.filter((text) => text !== '').map((text) => manifestLineSchema.parse(JSON.parse(text)));
}

/** A document that is not there any more stays one that is not there: that is its error, and stops no other. */
async function copy(
  from: BlobKey,
  to: BlobKey,
  { blobs, config }: RetryDocumentsDeps,
  signal: AbortSignal,
): Promise<void> {
  const read = await blobs.read(from, { signal });
  if (read === undefined) return;
  await using body = read.body;
  await blobs.write(to, body, { signal, expiresAtMs: orphanedAtMs(config(), Date.now()) });
}
