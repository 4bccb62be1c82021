import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A Redis that runs already, or the program to start one with. */
export type RedisSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'binary'; readonly binary: string };

export interface FindRedisOptions {
  readonly repoRoot: string;
  /** REDIS_URL, PATH and what the unpacking needs. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Hears that something slow begins. */
  readonly log?: (line: string) => void;
}

/**
 * Where Redis comes from: REDIS_URL, a `redis-server` or `valkey-server` 7 or newer on PATH, or one unpacked without
 * root into `.cache/redis`. Rejects with the one line that helps when there is none.
 */
export async function findRedis(options: FindRedisOptions): Promise<RedisSource> {
  const url = options.env['REDIS_URL'];
  if (url !== undefined && url !== '') return { kind: 'url', url };
  const binary = (await redisOnPath(options.env['PATH'])) ?? (await unpackRedis(options));
  return { kind: 'binary', binary };
}

const NAMES = ['redis-server', 'valkey-server'];
const OLDEST_MAJOR = 7;

/** The first Redis or Valkey server on PATH that runs and is not older than version 7. */
export async function redisOnPath(path = ''): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    for (const name of NAMES) {
      const candidate = join(folder, name);
      if (folder !== '' && isExecutable(candidate) && (await majorOf(candidate)) >= OLDEST_MAJOR)
        return candidate;
    }
  }
  return undefined;
}

/** Unpacks Debian's Redis into the checkout, or finds it there; takes some seconds the first time. */
export async function unpackRedis({ repoRoot, env, log }: FindRedisOptions): Promise<string> {
  const script = join(repoRoot, 'infra/redis/get-redis.sh');
  if (!isExecutable(join(repoRoot, '.cache/redis/bin/redis-server'))) {
    log?.('no redis-server on PATH: unpacking one into .cache/redis, without root');
  }
  try {
    const { stdout } = await run('/bin/sh', [script], { env, timeout: UNPACK_LIMIT_MS });
    return join(stdout.trim(), 'redis-server');
  } catch (cause) {
    throw new Error(
      'Spillway needs Redis 7 or newer. Run this and start again:\n  sudo apt-get install -y redis-server',
      {
        cause,
      },
    );
  }
}

const UNPACK_LIMIT_MS = 180_000;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function majorOf(binary: string): Promise<number> {
  try {
    const { stdout } = await run(binary, ['--version'], { timeout: 5_000 });
    return Number(/\bv=(\d+)\./.exec(stdout)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
