import { closeRedis, createKeys, type Keys, openRedis, type Redis } from '@spillway/redis';

/** The cell every service uses unless it is told otherwise. */
const CELL = '0';

/** The store as the suite looks into it. */
export interface Store {
  readonly redis: Redis;
  readonly keys: Keys;
}

/** Opens a connection of its own, closed with `stack`. */
export async function openStore(redisUrl: string, stack: AsyncDisposableStack): Promise<Store> {
  const redis = stack.adopt(await openRedis(redisUrl, 'background', () => {}), closeRedis);
  return { redis, keys: createKeys(CELL) };
}
