import { openFailedLines } from '@spillway/batches';
import type { BlobStore } from '@spillway/blobs';
import { hasBatchEnded } from '@spillway/core';
import type { BatchRecord } from '@spillway/redis';
import { Problem } from '../http/problem.ts';

/**
 * The lines of a batch that did not complete, as the input of another one; to be read, or left early. Throws the problem
 * of a batch that has none, has not ended, or whose input was deleted.
 */
export async function openRetry(
  batch: BatchRecord,
  blobs: BlobStore,
  signal: AbortSignal,
): Promise<AsyncGenerator<Uint8Array, void, undefined>> {
  const { status, counts } = batch;
  if (!hasBatchEnded(status)) {
    throw new Problem('batch-not-ended', `Cannot retry a batch with status '${status}'.`);
  }
  if (counts.failed + counts.cancelled + counts.expired === 0) {
    throw new Problem('nothing-to-retry', 'no line of this batch failed, was cancelled or expired');
  }
  const lines = await openFailedLines({ batch, blobs, signal });
  if (lines !== undefined) return lines;
  throw new Problem('file-not-found', 'the input of this batch is not there any more: submit it again');
}
