import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRedis, startRedis } from '@spillway/local-platform';
import { Redis } from 'ioredis';

/** A Redis of the benchmark's own, whose every write is on disk before it is answered. */
export interface BenchRedis {
  readonly url: string;
  readonly client: Redis;
  /** Forgets everything, so that each turn begins alike. */
  clear(): Promise<void>;
  reading(): Promise<RedisReading>;
  close(): Promise<void>;
}

/** What the server counted since it started. */
interface RedisReading {
  /** User and system time, in µs. */
  readonly cpuMicros: number;
  /** Calls of scripts: each writes, and each waits for its sync, together with whatever came in with it. */
  readonly scriptCalls: number;
}

export async function startBenchRedis(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<BenchRedis> {
  const repoRoot = fileURLToPath(new URL('../../..', import.meta.url));
  const source = await findRedis({ repoRoot, env: { ...env, REDIS_URL: '' } });
  if (source.kind === 'url') throw new Error('a benchmark starts its own Redis');
  const server = await startRedis({
    binary: source.binary,
    dataDir: join(dataDir, 'redis'),
    appendonly: 'always',
    env,
  });
  const client = new Redis(server.url);
  // A rewrite of the file would fall into one turn and not into the others.
  await client.config('SET', 'auto-aof-rewrite-percentage', '0');
  return {
    url: server.url,
    client,
    clear: async () => {
      await client.flushall();
    },
    reading: async () => {
      const info = String(await client.call('INFO', 'everything'));
      return {
        cpuMicros: 1e6 * (number(info, /used_cpu_user:([\d.]+)/) + number(info, /used_cpu_sys:([\d.]+)/)),
        scriptCalls: number(info, /cmdstat_evalsha:calls=(\d+)/) + number(info, /cmdstat_eval:calls=(\d+)/),
      };
    },
    close: async () => {
      client.disconnect();
      await server.stop();
    },
  };
}

/** 0 for what was not counted yet. */
const number = (info: string, pattern: RegExp): number => Number(pattern.exec(info)?.[1] ?? 0);
