import { closeRedis, createAuditCell, createKeys, openRedis } from '@spillway/redis';
import type { Leftovers } from '../history/facts.ts';

/** The cell every service uses unless it is told otherwise. */
const CELL = '0';

/** Reads, once, what the store still holds that should be gone when all has ended, and where its indices disagree. */
export type AuditStore = () => Promise<Omit<Leftovers, 'processes'>>;

/** Opens a connection of its own, closed with `stack`. */
export async function openAudit(redisUrl: string, stack: AsyncDisposableStack): Promise<AuditStore> {
  const redis = stack.adopt(await openRedis(redisUrl, 'background', () => {}), closeRedis);
  const audit = createAuditCell(redis, createKeys(CELL));
  return async () => {
    const { drift, ...counts } = await audit();
    return { counts: { ...counts }, drift };
  };
}
