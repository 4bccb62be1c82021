import type { BatchId, TenantId } from '@spillway/core';
import type { BatchFace, BatchRecord, BatchStore } from '@spillway/redis';

/** One page of the batches of a face, newest first, as our lists and OpenAI's have it. */
export async function listBatches<Body extends { readonly id: BatchId }>(
  batches: BatchStore,
  tenantId: TenantId,
  face: BatchFace,
  { limit, after }: { readonly limit: number; readonly after?: BatchId | undefined },
  toBody: (record: BatchRecord) => Body,
) {
  const page = await batches.list(tenantId, { face, limit, after, before: undefined });
  const data = page.batches.map(toBody);
  const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  return { object: 'list' as const, data, ...ends, has_more: page.hasMore };
}
