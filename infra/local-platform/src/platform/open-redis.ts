import { totalmem } from 'node:os';
import { join } from 'node:path';
import { findPort } from '../process/find-port.ts';
import { askRedis } from '../redis/ask-redis.ts';
import { findRedis } from '../redis/find-redis.ts';
import { startRedis } from '../redis/start-redis.ts';
import { REDIS } from './children.ts';
import type { PlatformContext } from './context.ts';

/** The URL of the Redis that was given, or of one started in the data folder, whose every write is on disk first. */
export async function openRedis(context: PlatformContext): Promise<string> {
  const { options, repoRoot, logger, logsDir, dataDir, children } = context;
  const env = { ...options.env, ...(options.redisUrl !== undefined && { REDIS_URL: options.redisUrl }) };
  const log = (line: string): void => logger.info({ event: 'redis.unpacking', line });
  const source = await findRedis({ repoRoot, env, log });
  if (source.kind === 'url') {
    await mustAnswer(source.url);
    return source.url;
  }
  // the services know it by this port, so it keeps the port when it is started again
  const port = await findPort();
  const redis = children.start(REDIS, (signal) =>
    startRedis({
      binary: source.binary,
      dataDir: join(dataDir, 'redis'),
      logPath: join(logsDir, 'redis.log'),
      appendonly: 'always',
      maxMemoryBytes: Math.floor(totalmem() / 2),
      env: options.env,
      port,
      signal: AbortSignal.any([signal, context.signal]),
    }),
  );
  await context.ready(redis);
  return `redis://127.0.0.1:${port}`;
}

const ANSWER_LIMIT_MS = 3_000;

/** Any answer will do, a demand for a password included; over TLS, or where sentinels are to be asked first, the services will find out. */
async function mustAnswer(text: string): Promise<void> {
  if (!text.startsWith('redis://')) return;
  const url = new URL(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const answer = await askRedis(Number(url.port || 6379), 'PING', ANSWER_LIMIT_MS, host);
  if (answer === undefined) throw new Error(`no Redis answers at ${url.host}, where REDIS_URL points`);
}
