import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { inject } from 'vitest';
import { closeRedis, openRedis } from '../connection.ts';
import { createKeys, type Keys } from '../keys.ts';

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string;
  }
}

/** A cell of its own on the test run's Redis, for one test. */
export interface TestStore {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly url: string;
  /** Another connection to the same cell, closed with the store. */
  connect(): Promise<Redis>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openTestStore(): Promise<TestStore> {
  const url = inject('redisUrl');
  const keys = createKeys(`test-${randomUUID()}`);
  const connections: Redis[] = [];
  const connect = async (): Promise<Redis> => {
    const redis = await openRedis(url, 'background', () => undefined);
    connections.push(redis);
    return redis;
  };
  const redis = await connect();
  return {
    redis,
    keys,
    url,
    connect,
    [Symbol.asyncDispose]: async () => {
      const left = await redis.keys(`${keys.prefix}*`);
      if (left.length > 0) await redis.unlink(...left);
      await Promise.all(connections.map(closeRedis));
    },
  };
}
