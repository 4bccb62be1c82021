import { readFile } from 'node:fs/promises';
import { wait } from '@spillway/service-kit';
import type { BenchRedis } from '../common/bench-redis.ts';
import type { Service } from '../common/service.ts';

const LOOK_EVERY_MS = 100;

/** The highest memory Redis had since this was called, in MB (10⁶ bytes), above what it had then. */
export function watchRedisMemory(redis: BenchRedis): { stop(): Promise<number> } {
  const stop = new AbortController();
  const watching = (async () => {
    const before = await usedMegabytes(redis);
    let highest = before;
    while ((await wait(LOOK_EVERY_MS, stop.signal)) === 'elapsed') {
      highest = Math.max(highest, await usedMegabytes(redis));
    }
    return highest - before;
  })();
  return {
    stop: () => {
      stop.abort();
      return watching;
    },
  };
}

export async function usedMegabytes({ client }: BenchRedis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]) / 1e6;
}

/** The most memory a process has ever had resident, in MB (10⁶ bytes), as Linux counts it. */
export async function peakMegabytes({ pid }: Service): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / 1e6;
}
