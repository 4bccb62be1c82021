import type { BatchId, EpochMs, JobId, TenantId } from '@spillway/core';
import type { WebhookTarget } from '@spillway/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { confirmDurable } from '../durability.ts';
import type { IdempotencyKey } from '../jobs/submit-job.ts';
import { jobArguments, type NewJob } from '../jobs/new-job.ts';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import type { BatchRecord } from './read-batch.ts';

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
  /** The batch as it was written. */
  | { readonly kind: 'accepted'; readonly record: BatchRecord }
  /** An earlier submission under the same idempotency key, as it was written then, whatever became of it since. */
  | { readonly kind: 'replayed'; readonly record: BatchRecord }
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
  z.tuple([z.literal('replayed'), z.string(), z.string(), z.number(), z.number()]),
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
    const { tenantId, description } = batch;
    const first: FirstAnswer = { tenantId, description, total: batch.items.length, jobs: jobs.length };
    const reply = replySchema.parse(
      await script(
        tenantId,
        maxQueuedJobs,
        idempotency?.key ?? '',
        idempotency?.bodyHash ?? '',
        batch.id,
        JSON.stringify(description),
        batch.webhook === undefined ? '' : JSON.stringify(batch.webhook),
        batch.retainMs,
        batch.items.length,
        jobs.length,
        JSON.stringify(first),
        idempotency?.keepMs ?? 0,
        ...batch.items.map((item) => JSON.stringify(toStored(item))),
        ...jobs.flatMap((job) => jobArguments(job, batch.id)),
      ),
    );
    await confirmDurable(redis);
    switch (reply[0]) {
      case 'accepted':
        return { kind: 'accepted', record: newBatchRecord(batch.id, first, reply[1]) };
      case 'replayed': {
        const [, id, text, atMs] = reply;
        const record = newBatchRecord(id as BatchId, JSON.parse(text) as FirstAnswer, atMs);
        return { kind: 'replayed', record };
      }
      case 'over-quota':
        return { kind: 'over-quota', live: reply[1] };
      case 'conflict':
        return { kind: 'conflict' };
    }
  };
}

/** What an answer shows of a batch that was just written, kept with the idempotency key. */
interface FirstAnswer {
  readonly tenantId: TenantId;
  readonly description: NewBatch['description'];
  readonly total: number;
  /** Documents that have a job; the others have failed already. */
  readonly jobs: number;
}

/** What `submit-batch.lua` writes of a new batch at that instant. */
function newBatchRecord(id: BatchId, first: FirstAnswer, nowMs: EpochMs): BatchRecord {
  const { tenantId, description, total, jobs } = first;
  const ended = jobs === 0;
  return {
    id,
    tenantId,
    status: ended ? 'completed' : 'in_progress',
    description,
    createdAtMs: nowMs,
    completedAtMs: ended ? nowMs : undefined,
    counts: { total, completed: 0, failed: total - jobs, cancelled: 0, expired: 0 },
  };
}

function toStored(item: BatchItem): StoredItem {
  const { document, sha256 } = item;
  return 'job' in item ? { document, sha256, job: item.job.id } : { document, sha256, error: item.error };
}
