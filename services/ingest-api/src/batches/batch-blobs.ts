import { batchPaths } from '@spillway/batches';
import type { BlobKey, BlobStore } from '@spillway/blobs';
import type { Config } from '@spillway/contracts';
import type { BatchId, TenantId } from '@spillway/core';

const DAY_MS = 86_400_000;
/** The longest window, the longest time a client may have a batch kept, and a week for what may hold it up. */
const LONGEST_WINDOW_MS = 14 * DAY_MS;
const LONGEST_ASKED_MS = 30 * DAY_MS;
const SLACK_MS = 7 * DAY_MS;
const LONGEST_DROP_MS = 30_000;

/**
 * When what was written for a batch expires by itself: later than any batch, so that it only ever hits what nobody made
 * a batch of, because the process that wrote it died.
 */
export const orphanedAtMs = ({ retention }: Config, nowMs: number): number =>
  nowMs + LONGEST_WINDOW_MS + Math.max(retention.batches_seconds * 1000, LONGEST_ASKED_MS) + SLACK_MS;

export const inputKey = (tenantId: TenantId, id: BatchId): BlobKey => ({
  tenantId,
  path: batchPaths(id).input,
});

/** Deletes what was written for a batch that was not made; what cannot be deleted now expires. */
export async function dropBatchBlobs(blobs: BlobStore, tenantId: TenantId, id: BatchId): Promise<void> {
  const signal = AbortSignal.timeout(LONGEST_DROP_MS);
  await blobs.deletePrefix({ tenantId, path: batchPaths(id).prefix }, { signal }).catch(() => undefined);
}
