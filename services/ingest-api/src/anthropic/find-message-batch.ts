import type { TenantId } from '@spillway/core';
import type { BatchRecord, BatchStore } from '@spillway/redis';
import { findBatch } from '../batches/batch-routes.ts';
import { noSuchBatch } from '../routes/route-kit.ts';
import { parseMessageBatchId } from './message-batch-view.ts';

/** A message batch of the tenant by the id of its path; throws the problem that answers every other id. */
export async function findMessageBatch(
  batches: BatchStore,
  rawId: string,
  tenantId: TenantId,
): Promise<BatchRecord> {
  const id = parseMessageBatchId(rawId);
  if (id === undefined) throw noSuchBatch();
  return findBatch(batches, 'anthropic', id, tenantId);
}
