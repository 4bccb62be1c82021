import type { JobId, JobStateKind, TenantId } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.ts';
import { confirmDurable } from '../durability.ts';
import { defineScript } from '../script/define-script.ts';

export type Cancellation =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'ended'; readonly state: JobStateKind }
  | { readonly kind: 'not-found' };

const replySchema = z.union([
  z.tuple([z.enum(['cancelled', 'not-found'])]),
  z.tuple([z.literal('ended'), z.string()]),
]);

/** Cancels a live job of the tenant; asking again, or too late, changes nothing and tells the state. */
export function createCancelJob(redis: Redis, keys: Keys) {
  const script = defineScript(redis, keys, new URL('./cancel-job.lua', import.meta.url));
  return async (id: JobId, tenantId: TenantId): Promise<Cancellation> => {
    const reply = replySchema.parse(await script(id, tenantId));
    await confirmDurable(redis);
    return reply[0] === 'ended' ? { kind: 'ended', state: reply[1] as JobStateKind } : { kind: reply[0] };
  };
}
