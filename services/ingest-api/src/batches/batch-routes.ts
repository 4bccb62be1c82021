import { assertNever, type BatchId, type TenantId } from '@spillway/core';
import type { BatchChange, BatchFace, BatchRecord, BatchStore } from '@spillway/redis';
import { Problem } from '../http/problem.ts';
import { batchIdOf, noSuchBatch } from '../routes/route-kit.ts';

/** A batch of one face and tenant by the id of its path; throws the problem that answers every other id. */
export async function findBatch(
  batches: BatchStore,
  face: BatchFace,
  rawId: string,
  tenantId: TenantId,
): Promise<BatchRecord> {
  const record = await batches.one(batchIdOf(rawId), tenantId);
  if (record === undefined || record.description.face !== face) throw noSuchBatch();
  return record;
}

const CHANGES = {
  cancel: (batches: BatchStore, id: BatchId, tenantId: TenantId) => batches.requestCancel(id, tenantId),
  pause: (batches: BatchStore, id: BatchId, tenantId: TenantId) => batches.setPaused(id, tenantId, true),
  resume: (batches: BatchStore, id: BatchId, tenantId: TenantId) => batches.setPaused(id, tenantId, false),
} as const satisfies Record<
  string,
  (batches: BatchStore, id: BatchId, tenantId: TenantId) => Promise<BatchChange>
>;

/** Cancels, pauses or resumes a batch; throws the problem that answers one it is too late for. */
export async function changeBatch(
  batches: BatchStore,
  { id, tenantId }: BatchRecord,
  what: keyof typeof CHANGES,
): Promise<BatchRecord> {
  const change = await CHANGES[what](batches, id, tenantId);
  switch (change.kind) {
    case 'changed':
      return change.record;
    case 'refused':
      // In OpenAI's words.
      throw new Problem('batch-ended', `Cannot ${what} a batch with status '${change.record.status}'.`);
    case 'not-found':
      throw noSuchBatch();
    default:
      return assertNever(change);
  }
}
