import type { TenantId } from '@spillway/core';
import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';
import { type Conflict, type IdempotencyKey, type Replay, toReplay } from './submit-job.ts';

/**
 * What became of an earlier submission under this key: its first answer, or `conflict` when it had another body;
 * undefined when there was none. For submissions that would be refused today: what was accepted once is answered as it
 * was then.
 */
export function createFindReplay(redis: Redis, keys: Keys) {
  return async (
    tenantId: TenantId,
    { key, bodyHash }: IdempotencyKey,
  ): Promise<Replay | Conflict | undefined> => {
    const [hash, id, first, atMs, position, forecast] = await redis.hmget(
      keys.idempotency(tenantId, key),
      'hash',
      'subject',
      'first',
      'at_ms',
      'position',
      'forecast',
    );
    if (!hash || !id || !first) return undefined;
    if (hash !== bodyHash) return { kind: 'conflict' };
    return toReplay(id, first, Number(atMs), Number(position), forecast ?? '');
  };
}
