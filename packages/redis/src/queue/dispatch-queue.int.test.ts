import { randomUUID } from 'node:crypto';
import { type BackendId, idFromUuid } from '@spillway/core';
import { expect, test } from 'vitest';
import { openTestStore } from '../testing/open-test-store.ts';
import { createDispatchConsumer, createDispatchPublisher } from './dispatch-queue.ts';

const gpu = 'gpu-0' as BackendId;
const fail = (error: Error): never => {
  throw error;
};

test('a hint in the hands of a worker that died before it claimed the job is replaced, not waited for', async () => {
  await using store = await openTestStore();
  const publisher = createDispatchPublisher(store.redis, store.keys, fail);
  const dispatch = { jobId: idFromUuid('JobId', randomUUID()), backendId: gpu, fence: 1 };
  const taken = Promise.withResolvers<void>();
  const never = Promise.withResolvers<void>();
  const dead = createDispatchConsumer(store.redis, store.keys, {
    backendId: gpu,
    concurrency: 1,
    handle: () => {
      taken.resolve();
      return never.promise;
    },
    onError: fail,
  });
  await publisher.publish([dispatch]);
  await taken.promise;

  const seen: unknown[] = [];
  const alive = createDispatchConsumer(store.redis, store.keys, {
    backendId: gpu,
    concurrency: 1,
    handle: async (hint) => {
      seen.push(hint);
    },
    onError: fail,
  });
  await publisher.publish([dispatch]);
  await publisher.publishAgain([dispatch]);
  await expect.poll(() => seen, { timeout: 5000 }).toEqual([{ v: 1, job: dispatch.jobId, fence: 1 }]);
  never.resolve();
  await Promise.all([alive.close(), dead.close(), publisher.close()]);
});
