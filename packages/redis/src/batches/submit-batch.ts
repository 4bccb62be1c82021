import type { BatchId, JobId, TenantId } from '@spillway/core';
import type { WebhookTarget } from '@spillway/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { IdempotencyKey } from '../jobs/submit-job.ts';
import { jobArguments, type NewJob } from '../jobs/new-job.ts';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';

/** One document: a job, or the reason why it has none. */
export type BatchItem = { readonly document: string; readonly sha256: string } & (
  | { readonly job: NewJob }
  | { readonly error: { readonly code: string; readonly detail: string } }
);

export interface NewBatch {
  readonly id: BatchId;
  readonly tenantId: TenantId;
  readonly description: {
    readonly model: string;
    readonly metadata: Readonly<Record<string, string>> | null;
  };
  readonly webhook: WebhookTarget | undefined;
  readonly retainMs: number;
  readonly items: readonly BatchItem[];
}

export type BatchSubmission =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'replayed'; readonly id: BatchId }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'over-quota'; readonly live: number };

/** An item as `batch:<id>:items` holds it. */
export interface StoredItem {
  readonly document: string;
  readonly sha256: string;
  readonly job?: JobId;
  readonly error?: { readonly code: string; readonly detail: string };
}

const replySchema = z.union([
  z.tuple([z.enum(['accepted', 'over-quota']), z.coerce.number()]),
  z.tuple([z.literal('replayed'), z.string()]),
  z.tuple([z.literal('conflict')]),
]);

/** Writes a batch and all its jobs in one step, or nothing at all. */
export function createSubmitBatch(redis: Redis, keys: Keys) {
  const script = defineScript(redis, keys, new URL('./submit-batch.lua', import.meta.url));
  return async (
    batch: NewBatch,
    maxQueuedJobs: number,
    idempotency: IdempotencyKey | undefined,
  ): Promise<BatchSubmission> => {
    const jobs = batch.items.flatMap((item) => ('job' in item ? [item.job] : []));
    const reply = replySchema.parse(
      await script(
        batch.tenantId,
        maxQueuedJobs,
        idempotency?.key ?? '',
        idempotency?.bodyHash ?? '',
        batch.id,
        JSON.stringify(batch.description),
        batch.webhook === undefined ? '' : JSON.stringify(batch.webhook),
        batch.retainMs,
        batch.items.length,
        jobs.length,
        ...batch.items.map((item) => JSON.stringify(toStored(item))),
        ...jobs.flatMap((job) => jobArguments(job, batch.id)),
      ),
    );
    switch (reply[0]) {
      case 'accepted':
        return { kind: 'accepted' };
      case 'over-quota':
        return { kind: 'over-quota', live: reply[1] };
      case 'replayed':
        return { kind: 'replayed', id: reply[1] as BatchId };
      case 'conflict':
        return { kind: 'conflict' };
    }
  };
}

function toStored(item: BatchItem): StoredItem {
  const { document, sha256 } = item;
  return 'job' in item ? { document, sha256, job: item.job.id } : { document, sha256, error: item.error };
}
