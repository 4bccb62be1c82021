import { batchPaths } from '@spillway/batches';
import type { BatchRecord } from '@spillway/redis';
import type { TurnDeps } from './turn.ts';

/**
 * Deletes the part files of a batch that has ended: its journal has what they hold. Whoever died before this leaves the
 * batch due, and the next one comes here again; what a worker that was long stopped still writes afterwards goes when the
 * batch is forgotten.
 */
export async function leaveBatch(
  { blobs }: Pick<TurnDeps, 'blobs'>,
  { id, tenantId }: BatchRecord,
  signal: AbortSignal,
): Promise<void> {
  await blobs.deletePrefix({ tenantId, path: `${batchPaths(id).prefix}/parts` }, { signal });
}
