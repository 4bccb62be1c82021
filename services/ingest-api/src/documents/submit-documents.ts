import type { BlobStore } from '@spillway/blobs';
import type { Config, ManifestLine, StoredDocumentOptions, WebhookTarget } from '@spillway/contracts';
import type { BatchId, TenantId } from '@spillway/core';
import type { BatchCreation, BatchDescription, BatchStore, IdempotencyKey } from '@spillway/redis';
import { dropBatchBlobs, inputKey, orphanedAtMs } from '../batches/batch-blobs.ts';
import { readWindow } from '../batches/read-window.ts';

export interface SubmitDocumentsDeps {
  readonly batches: BatchStore;
  readonly blobs: BlobStore;
  readonly config: () => Config;
}

export interface DocumentSubmission extends Pick<
  BatchDescription,
  'completionWindow' | 'metadata' | 'retryOf'
> {
  readonly id: BatchId;
  readonly tenantId: TenantId;
  /** Their bytes are in the blob store. */
  readonly documents: readonly Omit<ManifestLine, 'custom_id'>[];
  readonly webhook: WebhookTarget | undefined;
  /** Undefined: as configured. */
  readonly retainSeconds: number | undefined;
  readonly options: StoredDocumentOptions;
}

const LONGEST_WRITE_MS = 60_000;

/** Writes the manifest and makes the batch. When that makes none, nothing is left of what was written for it. */
export async function submitDocuments(
  submission: DocumentSubmission,
  idempotency: IdempotencyKey | undefined,
  { batches, blobs, config }: SubmitDocumentsDeps,
): Promise<BatchCreation> {
  const { id, tenantId, completionWindow, metadata, retryOf, options, webhook, retainSeconds } = submission;
  const input = inputKey(tenantId, id);
  const { retention } = config();
  try {
    const expiresAtMs = orphanedAtMs(config(), Date.now());
    const signal = AbortSignal.timeout(LONGEST_WRITE_MS);
    await blobs.write(input, manifestOf(submission.documents), { expiresAtMs, signal });
  } catch (error) {
    await dropBatchBlobs(blobs, tenantId, id);
    throw error;
  }
  // A store that does not answer may have written the batch all the same: then its documents stay.
  const creation = await batches.create(
    {
      id,
      tenantId,
      description: {
        face: 'documents',
        endpoint: '/v1/chat/completions',
        completionWindow,
        metadata,
        inputPath: input.path,
        inputFileId: undefined,
        outputExpiresAfterSeconds: undefined,
        retryOf,
        options,
      },
      webhook,
      windowMs: readWindow(completionWindow, 'options.completion_window'),
      retainMs: (retainSeconds ?? retention.batches_seconds) * 1000,
    },
    idempotency,
  );
  if (creation.kind !== 'created') await dropBatchBlobs(blobs, tenantId, id);
  return creation;
}

function* manifestOf(
  documents: readonly Omit<ManifestLine, 'custom_id'>[],
): Generator<Uint8Array, void, undefined> {
  for (const [index, document] of documents.entries()) {
    const line: ManifestLine = { custom_id: String(index), ...document };
    yield Buffer.from(`${JSON.stringify(line)}\n`);
  }
}
