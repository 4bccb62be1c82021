import type { BatchId, TenantId } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { confirmDurable } from '../durability.ts';
import type { IdempotencyKey } from '../jobs/submit-job.ts';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import type { BatchFace, BatchRecord, NewBatch, Part } from './batch-record.ts';
import { createReadOutcomes } from './line-outcomes.ts';
import { readPartsFrom } from './read-parts.ts';
import { newBatchRecord, toBatchRecord } from './read-record.ts';

export type BatchCreation =
  | { readonly kind: 'created'; readonly record: BatchRecord }
  /** An earlier submission under the same idempotency key, as it was written then. */
  | { readonly kind: 'replayed'; readonly record: BatchRecord }
  /** The key was used with another body. */
  | { readonly kind: 'conflict' }
  /** The input file is not there any more. */
  | { readonly kind: 'input-gone' };

/** What became of a request to change a batch. `refused`: its status does not allow it. */
export type BatchChange =
  | { readonly kind: 'changed'; readonly record: BatchRecord }
  | { readonly kind: 'refused'; readonly record: BatchRecord }
  | { readonly kind: 'not-found' };

export interface BatchPage {
  /** Newest first. */
  readonly batches: readonly BatchRecord[];
  readonly hasMore: boolean;
}

export interface BatchListFilter {
  readonly face: BatchFace;
  readonly limit: number;
  /** Older than this one. */
  readonly after: BatchId | undefined;
  /** Newer than this one; the page then holds those next to it. */
  readonly before: BatchId | undefined;
}

/** Batches as those who made them see them. */
export interface BatchStore {
  /** Writes a batch in state `validating`; the reply comes after it is on disk. */
  create(batch: NewBatch, idempotency: IdempotencyKey | undefined): Promise<BatchCreation>;
  /** Undefined for one that does not exist or is another tenant's. */
  one(id: BatchId, tenantId: TenantId): Promise<BatchRecord | undefined>;
  list(tenantId: TenantId, filter: BatchListFilter): Promise<BatchPage>;
  /** From here on no further line begins. Again, or while it is cancelling: changed, to the same effect. */
  requestCancel(id: BatchId, tenantId: TenantId): Promise<BatchChange>;
  /** While a batch is paused, no further line begins; what runs goes on. Again: changed, to the same effect. */
  setPaused(id: BatchId, tenantId: TenantId, paused: boolean): Promise<BatchChange>;
  /** Forgets a batch that has ended. */
  forget(id: BatchId, tenantId: TenantId): Promise<BatchChange>;
  /** Part files from the one that holds the `from`-th settled line on, at most `count` of them. */
  parts(id: BatchId, from: number, count: number): Promise<readonly Part[]>;
  /**
   * Outcomes of settled lines from the `from`-th on that are in no part file yet, at most `count`, as JSON texts of
   * `LineOutcome`; undefined when the `from`-th was written to a part file meanwhile.
   */
  settled(id: BatchId, from: number, count: number): Promise<readonly string[] | undefined>;
}

const creationSchema = z.union([
  z.tuple([z.literal('created'), z.number()]),
  z.tuple([z.literal('replayed'), z.string(), z.string(), z.number(), z.number()]),
  z.tuple([z.enum(['conflict', 'input-gone'])]),
]);
const changeSchema = z.enum(['changed', 'refused', 'not-found']);

export function createBatchStore(redis: Redis, keys: Keys): BatchStore {
  const createScript = defineScript(redis, keys, new URL('./create-batch.lua', import.meta.url));
  const changeScript = defineScript(redis, keys, new URL('./change-batch.lua', import.meta.url));
  const readOutcomes = createReadOutcomes(redis, keys);

  const one = async (id: BatchId): Promise<BatchRecord | undefined> =>
    toBatchRecord(id, await redis.hgetall(keys.batch(id)));
  const change = async (id: BatchId, tenantId: TenantId, wanted: string): Promise<BatchChange> => {
    const kind = changeSchema.parse(await changeScript(id, tenantId, wanted));
    await confirmDurable(redis);
    const record = kind === 'not-found' ? undefined : await one(id);
    return record === undefined || kind === 'not-found' ? { kind: 'not-found' } : { kind, record };
  };
  return {
    create: async (batch, idempotency) => {
      const { id, tenantId, description, webhook } = batch;
      const first: NewBatch = batch;
      const reply = creationSchema.parse(
        await createScript(
          tenantId,
          idempotency?.key ?? '',
          idempotency?.bodyHash ?? '',
          idempotency?.keepMs ?? 0,
          id,
          description.face,
          batch.windowMs,
          batch.retainMs,
          JSON.stringify(description),
          webhook === undefined ? '' : JSON.stringify(webhook),
          description.inputFileId ?? '',
          idempotency === undefined ? '' : JSON.stringify(first),
        ),
      );
      await confirmDurable(redis);
      switch (reply[0]) {
        case 'created':
          return { kind: 'created', record: newBatchRecord(batch, reply[1]) };
        case 'replayed':
          return { kind: 'replayed', record: newBatchRecord(JSON.parse(reply[2]) as NewBatch, reply[3]) };
        case 'conflict':
        case 'input-gone':
          return { kind: reply[0] };
      }
    },
    one: async (id, tenantId) => {
      const record = await one(id);
      return record?.tenantId === tenantId ? record : undefined;
    },
    list: (tenantId, filter) => listBatches(redis, keys, tenantId, filter),
    requestCancel: (id, tenantId) => change(id, tenantId, 'cancel'),
    setPaused: (id, tenantId, paused) => change(id, tenantId, paused ? 'pause' : 'resume'),
    forget: async (id, tenantId) => {
      const record = await one(id);
      const kind = changeSchema.parse(await changeScript(id, tenantId, 'forget'));
      await confirmDurable(redis);
      return record === undefined || kind === 'not-found' ? { kind: 'not-found' } : { kind, record };
    },
    parts: (id, from, count) => readPartsFrom(redis, keys.batchParts(id), from, count),
    settled: async (id, from, count) => {
      const drained = await redis.hget(keys.batch(id), 'drained');
      const skip = from - Number(drained ?? 0);
      if (skip < 0) return undefined;
      const entries = await redis.lrange(keys.batchSettled(id), skip, skip + count - 1);
      const outcomes = await readOutcomes(entries).catch((error: unknown) => error);
      // Between the looks, they may all have been written to a part file: then those here are others, or gone.
      if ((await redis.hget(keys.batch(id), 'drained')) !== drained) return undefined;
      if (!Array.isArray(outcomes)) throw outcomes;
      return outcomes as readonly string[];
    },
  };
}

async function listBatches(
  redis: Redis,
  keys: Keys,
  tenantId: TenantId,
  { face, limit, after, before }: BatchListFilter,
): Promise<BatchPage> {
  const index = keys.tenantBatches(tenantId, face);
  const newest = after === undefined ? '+' : `(${after}`;
  // Next to `before` are the oldest of those that are newer.
  const ids =
    before === undefined
      ? await redis.zrange(index, newest, '-', 'BYLEX', 'REV', 'LIMIT', 0, limit + 1)
      : (await redis.zrange(index, `(${before}`, '+', 'BYLEX', 'LIMIT', 0, limit + 1)).toReversed();
  const shown = before === undefined ? ids.slice(0, limit) : ids.slice(-limit);
  const records = await Promise.all(
    (shown as BatchId[]).map(async (id) => toBatchRecord(id, await redis.hgetall(keys.batch(id)))),
  );
  return { batches: records.filter((record) => record !== undefined), hasMore: ids.length > limit };
}
