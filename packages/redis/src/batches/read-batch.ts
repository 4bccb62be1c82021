import type { BatchId, EpochMs, TenantId } from '@spillway/core';
import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';
import type { NewBatch, StoredItem } from './submit-batch.ts';

export interface BatchRecord {
  readonly id: BatchId;
  readonly tenantId: TenantId;
  readonly status: 'in_progress' | 'completed';
  readonly description: NewBatch['description'];
  readonly createdAtMs: EpochMs;
  readonly completedAtMs: EpochMs | undefined;
  readonly counts: {
    readonly total: number;
    readonly completed: number;
    readonly failed: number;
    readonly cancelled: number;
    readonly expired: number;
  };
}

export interface BatchReader {
  one(id: BatchId): Promise<BatchRecord | undefined>;
  /** Items in the order they were sent, from index `start`, at most `count`. */
  items(id: BatchId, start: number, count: number): Promise<readonly StoredItem[]>;
}

export function createBatchReader(redis: Redis, keys: Keys): BatchReader {
  return {
    one: async (id) => {
      const fields = await redis.hgetall(keys.batch(id));
      const { tenant, status, description } = fields;
      if (tenant === undefined || description === undefined) return undefined;
      const count = (name: string): number => Number(fields[name] ?? 0);
      return {
        id,
        tenantId: tenant as TenantId,
        status: status === 'completed' ? 'completed' : 'in_progress',
        description: JSON.parse(description) as NewBatch['description'],
        createdAtMs: count('created_at_ms'),
        completedAtMs: fields['completed_at_ms'] === undefined ? undefined : count('completed_at_ms'),
        counts: {
          total: count('total'),
          completed: count('completed'),
          failed: count('failed'),
          cancelled: count('cancelled'),
          expired: count('expired'),
        },
      };
    },
    items: async (id, start, count) => {
      const texts = await redis.lrange(keys.batchItems(id), start, start + count - 1);
      return texts.map((text) => JSON.parse(text) as StoredItem);
    },
  };
}
