import type { Redis } from 'ioredis';

/** What each setting must be for an acknowledged job to survive, and what it costs when it is something else. */
const SETTINGS = [
  { name: 'appendonly', must: 'yes', otherwise: 'a restart of Redis loses accepted jobs' },
  { name: 'appendfsync', must: 'always', otherwise: 'a power cut loses the last seconds of accepted jobs' },
  {
    name: 'no-appendfsync-on-rewrite',
    must: 'no',
    otherwise: 'a power cut while the file is rewritten loses half a minute of them',
  },
  { name: 'maxmemory-policy', must: 'noeviction', otherwise: 'a Redis out of memory forgets records' },
] as const;

/**
 * Why what this Redis acknowledges might not last, in sentences that say what to set; empty when nothing speaks against
 * it. A Redis that does not show its configuration gives one sentence that says so.
 */
export async function inspectDurability(redis: Redis, replicas: number): Promise<readonly string[]> {
  const advice: string[] = [];
  try {
    for (const { name, must, otherwise } of SETTINGS) {
      // one by one: several names in one call came with Redis 7
      const [, value] = await redis.config('GET', name);
      if (value !== undefined && value !== must)
        advice.push(`set ${name} to ${must}, not ${value}: ${otherwise}`);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no reason given';
    advice.push(`make sure that this Redis syncs every write and never evicts; it does not tell: ${reason}`);
  }
  const connected = await countReplicas(redis);
  if (connected !== undefined && connected < replicas) {
    advice.push(`connect ${replicas} replicas, not ${connected}: until then nothing is accepted`);
  }
  return advice;
}

async function countReplicas(redis: Redis): Promise<number | undefined> {
  const info = await redis.info('replication').catch(() => '');
  const count = /^connected_slaves:(\d+)/m.exec(info)?.[1];
  return count === undefined ? undefined : Number(count);
}
