import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';
import { type IndexName, readCellKey } from './cell-keys.ts';

/** How much there is in a cell's indices. */
export interface CellCounts {
  /** Jobs that have not ended. */
  readonly live: number;
  readonly queued: number;
  /** Waiting for their next attempt: not in their lanes. */
  readonly retrying: number;
  readonly dispatched: number;
  readonly running: number;
  /** Leases of workers. */
  readonly held: number;
  /** Events in the outbox, and deliveries that are neither made nor given up. */
  readonly undelivered: number;
}

const KEYS_PER_SCAN = 1000;

/**
 * Counts what stands in every index that exists, listed or not. Reads key after key: the counts of a busy cell are not
 * of one instant.
 */
export async function countCell(redis: Redis, keys: Keys): Promise<CellCounts> {
  const sizes = new Map<IndexName, number>();
  for (const key of await indexKeys(redis, keys)) {
    const size = key.type === 'zset' ? await redis.zcard(key.key) : await redis.scard(key.key);
    sizes.set(key.index, (sizes.get(key.index) ?? 0) + size);
  }
  const size = (index: IndexName): number => sizes.get(index) ?? 0;
  const events = (await redis.xlen(keys.events)) + (await redis.xlen(keys.eventsAside));
  const deliveries = await redis.zcard(`${keys.prefix}deliveries:pending`);
  return {
    live: size('live'),
    queued: size('lane'),
    retrying: size('retry'),
    dispatched: size('dispatched'),
    running: size('running'),
    held: size('held'),
    undelivered: events + deliveries,
  };
}

async function indexKeys(redis: Redis, keys: Keys) {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, chunk] = await redis.scan(cursor, 'MATCH', `${keys.prefix}*`, 'COUNT', KEYS_PER_SCAN);
    for (const key of chunk) if (readCellKey(keys, key)?.kind === 'index') found.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...found].map((key) => readCellKey(keys, key)).filter((key) => key?.kind === 'index');
}
