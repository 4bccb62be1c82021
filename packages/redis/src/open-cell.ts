import type { Redis } from 'ioredis';
import { closeRedis, type ConnectionRole, openRedis } from './connection.ts';
import { createKeys, type Keys } from './keys.ts';

/** A process's way into one cell. */
export interface Cell {
  readonly redis: Redis;
  /** For what takes a connection for itself: subscriptions, or reads that block. */
  readonly listener: Redis;
  readonly keys: Keys;
}

export interface CellOptions {
  readonly url: string;
  /** The cell's name; '0' is the default one. */
  readonly cell: string;
  /** Of `redis`; the listener always works in the background. */
  readonly role: ConnectionRole;
  readonly onError: (error: Error) => void;
}

/** Opens both connections; they are closed with `stack`. Rejects when Redis does not answer within ten seconds. */
export async function openCell(
  { url, cell, role, onError }: CellOptions,
  stack: AsyncDisposableStack,
): Promise<Cell> {
  const redis = stack.adopt(await openRedis(url, role, onError), closeRedis);
  const listener = stack.adopt(await openRedis(url, 'background', onError), closeRedis);
  return { redis, listener, keys: createKeys(cell) };
}
