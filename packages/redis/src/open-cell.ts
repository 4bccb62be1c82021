import type { Redis } from 'ioredis';
import { closeRedis, type ConnectionRole, openRedis } from './connection.ts';
import { requireReplicas } from './durability.ts';
import { inspectDurability } from './inspect-durability.ts';
import { createKeys, type Keys } from './keys.ts';

/** A process's way into one cell. */
export interface Cell {
  readonly redis: Redis;
  /** For what takes a connection for itself: subscriptions, or reads that block. */
  readonly listener: Redis;
  readonly keys: Keys;
}

export interface CellOptions {
  /** As `parseRedisUrl` reads it. */
  readonly url: string;
  /** The cell's name; '0' is the default one. */
  readonly cell: string;
  /** Of `redis`; the listener always works in the background. */
  readonly role: ConnectionRole;
  /** How many replicas must have a write before `confirmDurable` takes it for done. */
  readonly replicas: number;
  readonly onError: (error: Error) => void;
  /** Hears once, when the cell is opened, why what this Redis acknowledges might not last. */
  readonly onNotDurable: (advice: readonly string[]) => void;
}

/** Opens both connections; they are closed with `stack`. Rejects when Redis does not answer within ten seconds. */
export async function openCell(options: CellOptions, stack: AsyncDisposableStack): Promise<Cell> {
  const { url, cell, role, replicas, onError } = options;
  const redis = stack.adopt(await openRedis(url, role, onError), closeRedis);
  const listener = stack.adopt(await openRedis(url, 'background', onError), closeRedis);
  requireReplicas(redis, replicas);
  const advice = await inspectDurability(listener, replicas);
  if (advice.length > 0) options.onNotDurable(advice);
  return { redis, listener, keys: createKeys(cell) };
}
