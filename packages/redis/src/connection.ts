import { Redis, type RedisOptions } from 'ioredis';
import { describeRedisUrl, parseRedisUrl } from './redis-url.ts';
import { watchConnection } from './watch-connection.ts';

/**
 * `request`: somebody waits for an answer over HTTP, so a Redis that is away fails at once and the caller says 503.
 * `background`: loops and workers, which ride out a restart of Redis however long it takes.
 */
export type ConnectionRole = 'request' | 'background';

/** BullMQ's default grows to 20 s, which is how long a worker would stay away after Redis is back. */
const LONGEST_RECONNECT_MS = 1000;
const OPEN_MS = 10_000;

const COMMON = {
  lazyConnect: true,
  // A peer whose machine is gone: ten probes, a second apart, after so long without a word.
  keepAlive: 10_000,
  connectTimeout: 5000,
  sentinelCommandTimeout: 2000,
  // While Redis loads its file it is asked this often, so that nobody stays away after it is done.
  maxLoadingRetryTime: 500,
  // The client's own way does not catch a refusal: it would end the process. See createSignals.
  autoResubscribe: false,
  // The client's own watch at the sentinels can close a client for good while it reconnects; our watch sees it all.
  failoverDetector: false,
  retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 5), LONGEST_RECONNECT_MS),
} as const satisfies RedisOptions;

const REJECT = 1;
const RESEND = 2;
/** Who became a replica refuses writes; whoever is the master now is found by connecting again. */
const isDemoted = (error: Error): boolean => error.message.includes('READONLY ');

const OPTIONS: Record<ConnectionRole, Omit<RedisOptions, 'replyMapping'>> = {
  request: {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 5000,
    reconnectOnError: (error) => (isDemoted(error) ? REJECT : false),
  },
  background: {
    maxRetriesPerRequest: null,
    reconnectOnError: (error) => (isDemoted(error) ? RESEND : false),
  },
};

const watches = new WeakMap<Redis, () => void>();

/**
 * Opens a watched connection to the Redis of a URL as `parseRedisUrl` reads it, and waits, at most ten seconds, until
 * it can be used; a wrong URL or a dead server rejects.
 */
export async function openRedis(
  url: string,
  role: ConnectionRole,
  onError: (error: Error) => void,
): Promise<Redis> {
  const redis = new Redis({ ...parseRedisUrl(url), ...COMMON, ...OPTIONS[role] });
  let lastError: Error | undefined;
  // Without a listener ioredis prints to stderr; a lost connection is for the log, the client reconnects by itself.
  redis.on('error', (error: Error) => {
    lastError = error;
    onError(error);
  });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      redis.disconnect();
      const where = describeRedisUrl(url);
      reject(new Error(`no answer from Redis at ${where} within ${OPEN_MS / 1000} s`, { cause: lastError }));
    }, OPEN_MS);
    redis.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
    redis.connect().catch(() => undefined);
  });
  watches.set(redis, watchConnection(redis));
  return redis;
}

/** Says goodbye, or hangs up when Redis is not there to hear it. */
export async function closeRedis(redis: Redis): Promise<void> {
  watches.get(redis)?.();
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
