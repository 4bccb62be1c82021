import type { BlobStore } from '@spillway/blobs';
import { batchPaths } from '@spillway/batches';
import type { BatchWork, FileStore, UploadStore } from '@spillway/redis';

export interface ForgetDeps {
  readonly work: Pick<BatchWork, 'outlived' | 'forget'>;
  readonly files: Pick<FileStore, 'due' | 'forget'>;
  readonly uploads: Pick<UploadStore, 'due' | 'forget'>;
  readonly blobs: BlobStore;
}

const MOST_PER_CALL = 20;

/**
 * Deletes what was kept for its time: files, uploads nobody completed, and batches with all that stands below them. The
 * blob goes first and its record after it, so that whoever dies in between leaves a record that is due still.
 */
export async function forgetFilesOnce(deps: ForgetDeps, signal: AbortSignal): Promise<void> {
  const { work, files, uploads, blobs } = deps;
  for (const { id, tenantId, path } of await files.due(MOST_PER_CALL)) {
    await blobs.delete({ tenantId, path }, { signal });
    await files.forget(id);
  }
  for (const { id, tenantId } of await uploads.due(MOST_PER_CALL)) {
    await blobs.deletePrefix({ tenantId, path: `uploads/${id}` }, { signal });
    await uploads.forget(id);
  }
  for (const { id, tenantId } of await work.outlived(MOST_PER_CALL)) {
    await blobs.deletePrefix({ tenantId, path: batchPaths(id).prefix }, { signal });
    await work.forget(id);
  }
}
