import type { EpochMs, EventId } from '@spillway/core';
import type { WebhookEvent, WebhookTarget } from '@spillway/contracts';
import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';

/** One event on its way to one webhook, with its own copy of both: it outlives the job's record. */
export interface DeliveryRecord {
  readonly event: WebhookEvent;
  readonly target: WebhookTarget;
  readonly attempts: readonly DeliveryAttempt[];
  readonly state: 'pending' | 'delivered' | 'dead';
}

export interface DeliveryAttempt {
  readonly atMs: EpochMs;
  readonly durationMs: number;
  /** The receiver's status, absent when there was no answer. */
  readonly status: number | undefined;
  readonly detail: string;
}

export interface DeliveryStore {
  /** Keeps a delivery; a second time for the same event changes nothing. */
  create(event: WebhookEvent, target: WebhookTarget): Promise<void>;
  read(id: EventId): Promise<DeliveryRecord | undefined>;
  recordAttempt(id: EventId, attempt: DeliveryAttempt, state: DeliveryRecord['state']): Promise<void>;
}

/** Deliveries are kept for a week: longer than the whole schedule of attempts. */
const KEEP_MS = 7 * 24 * 3_600_000;

export function createDeliveryStore(redis: Redis, keys: Keys): DeliveryStore {
  return {
    create: async (event, target) => {
      const key = keys.delivery(event.id);
      await redis
        .multi()
        .hsetnx(key, 'event', JSON.stringify(event))
        .hsetnx(key, 'target', JSON.stringify(target))
        .hsetnx(key, 'state', 'pending')
        .pexpire(key, KEEP_MS)
        .exec();
    },
    read: async (id) => {
      const fields = await redis.hgetall(keys.delivery(id));
      const { event, target, state } = fields;
      if (event === undefined || target === undefined) return undefined;
      const attempts = Object.entries(fields)
        .filter(([name]) => name.startsWith('attempt:'))
        .toSorted(([a], [b]) => Number(a.slice(8)) - Number(b.slice(8)))
        .map(([, text]) => JSON.parse(text) as DeliveryAttempt);
      return {
        event: JSON.parse(event) as WebhookEvent,
        target: JSON.parse(target) as WebhookTarget,
        attempts,
        state: state === 'delivered' || state === 'dead' ? state : 'pending',
      };
    },
    recordAttempt: async (id, attempt, state) => {
      const key = keys.delivery(id);
      const number = await redis.hincrby(key, 'tries', 1);
      await redis
        .multi()
        .hset(key, `attempt:${number}`, JSON.stringify(attempt), 'state', state)
        // Waits that receivers asked for add up: a delivery is kept for a week after its last attempt.
        .pexpire(key, KEEP_MS)
        .exec();
    },
  };
}
