import type { JobId } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import { type JobRecord, newJobRecord } from './job-record.ts';
import { jobArguments, type NewJob } from './new-job.ts';

/** A client's own name for one submission, and the hash of what it sent under it. */
export interface IdempotencyKey {
  readonly key: string;
  readonly bodyHash: string;
}

export interface SubmitLimits {
  readonly maxQueuedJobs: number;
  /** Refuse rather than join a longer queue of the model group. */
  readonly maxQueueLength: number | undefined;
}

export type Submission =
  /** The record as it was written. */
  | { readonly kind: 'accepted'; readonly record: JobRecord }
  /** An earlier submission under the same idempotency key, or this very one, sent again by the connection. */
  | { readonly kind: 'replayed'; readonly id: JobId }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'over-quota'; readonly live: number }
  | { readonly kind: 'queue-too-long'; readonly length: number };

const replySchema = z.union([
  z.tuple([z.literal('accepted'), z.coerce.number()]),
  z.tuple([z.literal('replayed'), z.string()]),
  z.tuple([z.literal('conflict')]),
  z.tuple([z.enum(['over-quota', 'queue-too-long']), z.coerce.number()]),
]);

/** Writes an admitted job, whole or not at all. The reply comes after the write is on disk (`appendfsync always`). */
export function createSubmitJob(redis: Redis, keys: Keys) {
  const script = defineScript(redis, keys, new URL('./submit-job.lua', import.meta.url));
  return async (
    job: NewJob,
    limits: SubmitLimits,
    idempotency: IdempotencyKey | undefined,
  ): Promise<Submission> => {
    const reply = replySchema.parse(
      await script(
        job.lane.tenantId,
        limits.maxQueuedJobs,
        limits.maxQueueLength ?? -1,
        idempotency?.key ?? '',
        idempotency?.bodyHash ?? '',
        encodeURIComponent(job.lane.modelGroup),
        ...jobArguments(job, ''),
      ),
    );
    switch (reply[0]) {
      case 'accepted':
        return { kind: 'accepted', record: newJobRecord(job, reply[1]) };
      case 'replayed':
        return { kind: 'replayed', id: reply[1] as JobId };
      case 'conflict':
        return { kind: 'conflict' };
      case 'over-quota':
        return { kind: 'over-quota', live: reply[1] };
      case 'queue-too-long':
        return { kind: 'queue-too-long', length: reply[1] };
    }
  };
}
