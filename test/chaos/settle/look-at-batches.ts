import type { Redis } from '@spillway/redis';
import type { Store } from '../house/open-store.ts';

export interface BatchKeys {
  /** What a batch that has ended leaves nothing of; all should be 0. */
  readonly counts: Readonly<Record<string, number>>;
  /** The files and batches that the store knows, by their ids. */
  readonly known: readonly string[];
}

const KEYS_PER_SCAN = 1_000;

/** Looks for what batches that have ended should have taken with them. */
export async function lookAtBatches({ redis, keys }: Store): Promise<BatchKeys> {
  const names = await keyNames(redis, keys.prefix);
  const matching = (pattern: RegExp): readonly string[] =>
    [...names].flatMap((name) => pattern.exec(name)?.[1] ?? []);
  const jobs = matching(/^job:([^:]+)$/);
  const recorded = new Set(jobs);
  const batchOf = await Promise.all(jobs.map((id) => redis.hget(`${keys.prefix}job:${id}`, 'batch')));
  return {
    counts: {
      batch_keys: matching(/^batch:([^:]+):/).length,
      batch_jobs: batchOf.filter((batch) => batch !== null).length,
      job_remains: matching(/^job:([^:]+):/).filter((id) => !recorded.has(id)).length,
      files_in_use: matching(/^file:([^:]+):users$/).length,
      batches_due: await redis.zcard(`${keys.prefix}batches:due`),
      batches_leased: await redis.zcard(`${keys.prefix}batches:leased`),
      batches_running: await redis.scard(`${keys.prefix}batches:running`),
    },
    known: matching(/^(?:file|batch):([^:]+)$/),
  };
}

/** All keys of the cell, without its prefix. */
async function keyNames(redis: Redis, prefix: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  let cursor = '0';
  do {
    const [next, chunk] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', KEYS_PER_SCAN);
    for (const key of chunk) names.add(key.slice(prefix.length));
    cursor = next;
  } while (cursor !== '0');
  return names;
}
