import type { EpochMs, EventId } from '@spillway/core';
import type { WebhookEvent, WebhookTarget } from '@spillway/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';

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

/** What follows an attempt: another one, so much later, or nothing more. */
export type DeliveryAfter =
  | { readonly state: 'pending'; readonly delayMs: number }
  | { readonly state: 'delivered' | 'dead' };

export interface DeliveryStore {
  /** Keeps a delivery; a second time for the same event changes nothing. */
  create(event: WebhookEvent, target: WebhookTarget): Promise<void>;
  read(id: EventId): Promise<DeliveryRecord | undefined>;
  recordAttempt(id: EventId, attempt: DeliveryAttempt, after: DeliveryAfter): Promise<void>;
  /**
   * Pending deliveries, at most `most`, whose next attempt should have been made a minute ago by Redis' clock: the queue
   * has lost their message, is behind, or was told a time by a wrong clock. Each is given again only after another minute.
   */
  takeOverdue(most: number): Promise<readonly EventId[]>;
}

/** Deliveries are kept for a week: longer than the whole schedule of attempts. */
const KEEP_MS = 7 * 24 * 3_600_000;
const OVERDUE_MS = 60_000;

export function createDeliveryStore(redis: Redis, keys: Keys): DeliveryStore {
  const keep = defineScript(redis, keys, new URL('keep-delivery.lua', import.meta.url));
  const record = defineScript(redis, keys, new URL('record-attempt.lua', import.meta.url));
  const takeOverdue = defineScript(redis, keys, new URL('take-overdue.lua', import.meta.url));
  return {
    create: async (event, target) => {
      await keep(event.id, JSON.stringify(event), JSON.stringify(target), KEEP_MS, OVERDUE_MS);
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
    recordAttempt: async (id, attempt, after) => {
      const overdueInMs = after.state === 'pending' ? Math.ceil(after.delayMs) + OVERDUE_MS : '';
      await record(id, JSON.stringify(attempt), after.state, overdueInMs, KEEP_MS);
    },
    takeOverdue: async (most) => z.array(z.string()).parse(await takeOverdue(most, OVERDUE_MS)) as EventId[],
  };
}
