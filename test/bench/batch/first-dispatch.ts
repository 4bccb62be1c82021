import { Redis } from 'ioredis';
import type { BatchPlatform } from './batch-platform.ts';

/** Resolves with the instant (performance.now) at which the scheduler next dispatches something. Listens from now on. */
export async function watchFirstDispatch({
  redis,
  prefix,
}: BatchPlatform): Promise<{ readonly atMs: Promise<number>; close(): void }> {
  const subscriber = new Redis(redis.url);
  const atMs = new Promise<number>((resolve) => {
    subscriber.on('message', () => resolve(performance.now()));
  });
  await subscriber.subscribe(`${prefix}dispatched`);
  return { atMs, close: () => subscriber.disconnect() };
}
