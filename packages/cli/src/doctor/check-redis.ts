import { join } from 'node:path';
import { redisOnPath } from '@spillway/local-platform';
import { found, type Finding } from './finding.ts';
import { findOnPath } from './find-on-path.ts';
import { pingRedis } from './ping-redis.ts';

export interface CheckRedis {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly repoRoot: string;
  readonly signal: AbortSignal;
}

/** Where the platform would take its Redis from: REDIS_URL, a program on PATH, one unpacked here, or apt. */
export async function checkRedis({ env, repoRoot, signal }: CheckRedis): Promise<Finding> {
  const url = env['REDIS_URL'];
  if (url) return checkUrl(url, signal);
  const path = env['PATH'] ?? '';
  const cached = join(repoRoot, '.cache', 'redis', 'bin');
  const binary = (await redisOnPath(path)) ?? (await redisOnPath(cached));
  if (binary !== undefined) return found('redis', binary);
  if ((await findOnPath('apt-get', path)) !== undefined) {
    const detail = 'not installed; "npm start" unpacks one into .cache/redis, without root';
    return { name: 'redis', status: 'fallback', detail, fix: null };
  }
  return {
    name: 'redis',
    status: 'missing',
    detail: 'no redis-server or valkey-server 7 or newer on PATH',
    fix: 'install Redis 7 or newer, or set REDIS_URL to one that runs',
  };
}

async function checkUrl(raw: string, signal: AbortSignal): Promise<Finding> {
  const url = URL.parse(raw);
  // a URL may hold a password: only host and port are shown
  if (url === null || !/^rediss?:$/.test(url.protocol)) {
    const fix = 'write it as redis://127.0.0.1:6379';
    return { name: 'redis', status: 'missing', detail: 'REDIS_URL is not a redis:// or rediss:// URL', fix };
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || 6379;
  const where = `REDIS_URL, ${url.hostname}:${port}`;
  const answer = await pingRedis({ host, port, tls: url.protocol === 'rediss:', signal });
  if (answer === undefined) {
    const fix = 'start that Redis, correct REDIS_URL, or unset it to have one started';
    return { name: 'redis', status: 'missing', detail: `${where}: no answer`, fix };
  }
  return found('redis', where);
}
