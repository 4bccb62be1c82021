import type { BatchId, JobId } from '@spillway/core';
import { type WebhookTarget, webhookTargetSchema } from '@spillway/contracts';
import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';

/** Where a job or batch asked to be reported; undefined when it asked for nothing or is gone. */
export function createWebhookTargetReader(redis: Redis, keys: Keys) {
  return async (subject: string): Promise<WebhookTarget | undefined> => {
    const key = subject.startsWith('batch_') ? keys.batch(subject as BatchId) : keys.job(subject as JobId);
    const stored = await redis.hget(key, 'webhook');
    return stored ? webhookTargetSchema.parse(JSON.parse(stored)) : undefined;
  };
}
