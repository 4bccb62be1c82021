import type { BatchHouse } from './open-batch-house.ts';

/** The time of the batch and of its jobs is over. */
export async function expireNow({ store }: BatchHouse, id: string): Promise<void> {
  const { redis, keys } = store;
  await redis.hset(`${keys.prefix}batch:${id}`, 'expires_at_ms', 1);
  for (const job of await redis.smembers(`${keys.prefix}batch:${id}:open`)) {
    await redis.hset(`${keys.prefix}job:${job}`, 'deadline_at_ms', 1);
    await redis.zadd(`${keys.prefix}clocks:deadline`, 1, job);
  }
}
