import { openTestStore } from '@spillway/redis/testing';
import { expect, test } from 'vitest';
import { lookAtBatches } from './look-at-batches.ts';

test('what a batch leaves behind is counted, and what is kept of it is not', async () => {
  await using store = await openTestStore();
  const { redis, keys } = store;
  const key = (name: string): string => `${keys.prefix}${name}`;
  await redis.hset(key('batch:batch_1'), 'status', 'completed');
  await redis.hset(key('file:file-1'), 'state', 'ready');
  await redis.hset(key('job:job_1'), 'state', 'completed');
  await redis.set(key('job:job_1:result'), '{}');
  const clean = await lookAtBatches(store);
  expect(Object.values(clean.counts).filter((count) => count !== 0)).toEqual([]);
  expect(clean.known.toSorted()).toEqual(['batch_1', 'file-1']);

  await redis.rpush(key('batch:batch_1:parts'), '{}');
  await redis.hset(key('job:job_2'), 'batch', 'batch_1');
  await redis.set(key('job:job_3:request'), '{}');
  await redis.sadd(key('file:file-1:users'), 'batch_1');
  await redis.zadd(key('batches:due'), 1, 'batch_1');
  expect((await lookAtBatches(store)).counts).toMatchObject({
    batch_keys: 1,
    batch_jobs: 1,
    job_remains: 1,
    files_in_use: 1,
    batches_due: 1,
  });
});
