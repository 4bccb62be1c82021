import { Redis, type RedisOptions } from 'ioredis';

/**
 * `request`: somebody waits for an answer over HTTP, so a Redis that is away fails at once and the caller says 503.
 * `background`: loops and workers, which ride out a restart of Redis however long it takes.
 */
export type ConnectionRole = 'request' | 'background';

/** BullMQ's default grows to 20 s, which is how long a worker would stay away after Redis is back: QUEUE.md §4.3. */
const LONGEST_RECONNECT_MS = 1000;

const OPTIONS: Record<ConnectionRole, Omit<RedisOptions, 'replyMapping'>> = {
  request: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5000 },
  background: { maxRetriesPerRequest: null },
};

/** Opens a connection and waits, at most ten seconds, until it can be used; a wrong URL or a dead server rejects. */
export async function openRedis(
  url: string,
  role: ConnectionRole,
  onError: (error: Error) => void,
): Promise<Redis> {
  const redis = new Redis(url, {
    ...OPTIONS[role],
    lazyConnect: true,
    retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 5), LONGEST_RECONNECT_MS),
  });
  // Without a listener ioredis prints to stderr; a lost connection is for the log, the client reconnects by itself.
  redis.on('error', onError);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      redis.disconnect();
      reject(new Error(`no answer from Redis at ${withoutPassword(url)} within 10 s`));
    }, 10_000);
    redis.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
    redis.connect().catch(() => undefined);
  });
  return redis;
}

/** Says goodbye, or hangs up when Redis is not there to hear it. */
export async function closeRedis(redis: Redis): Promise<void> {
  if (redis.status === 'ready') {
    const answered = await Promise.race([
      redis.quit().then(
        () => true,
        () => false,
      ),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 1000).unref()),
    ]);
    if (answered) return;
  }
  redis.disconnect();
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.href;
}
