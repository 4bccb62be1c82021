import { randomUUID } from 'node:crypto';
import { idFromUuid, type TenantId } from '@spillway/core';
import { type BatchWork, createBatchStore, createBatchWork } from '@spillway/redis';
import { openTestStore, type TestStore } from '@spillway/redis/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LeaseWatch, watchLeases } from './watch-leases.ts';

let stack: AsyncDisposableStack;
let store: TestStore;
let work: BatchWork;
let watch: LeaseWatch;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  store = stack.use(await openTestStore());
  work = createBatchWork(store.redis, store.keys);
  watch = watchLeases(store, stack);
  await createBatchStore(store.redis, store.keys).create(batch(), undefined);
});
afterEach(() => stack.disposeAsync());

const batch = (): Parameters<ReturnType<typeof createBatchStore>['create']>[0] => ({
  id: idFromUuid('BatchId', randomUUID()),
  tenantId: 'acme' as TenantId,
  description: {
    face: 'openai',
    endpoint: '/v1/chat/completions',
    completionWindow: '24h',
    metadata: null,
    inputPath: 'files/1',
    inputFileId: undefined,
    outputExpiresAfterSeconds: undefined,
    retryOf: undefined,
    options: {},
  },
  webhook: undefined,
  windowMs: 60_000,
  retainMs: 60_000,
});

const take = async (leaseMs: number) => {
  const taking = await vi.waitUntil(async () => {
    const one = await work.take(leaseMs);
    return one.kind === 'taken' && one;
  });
  return taking.lease;
};
/** The watch looks twice a second. */
const soon = { timeout: 5_000 };

test('a lease that ran out and was taken by another is a rescue; one that was given back is none', async () => {
  for (let turn = 1; turn <= 3; turn += 1) await work.release(await take(10_000), 0);
  await take(1);
  await work.release(await take(10_000), 0);
  await vi.waitUntil(() => watch.rescued > 0, soon);
  await take(1);
  await take(10_000);
  await vi.waitUntil(() => watch.rescued > 1, soon);
  expect(watch.rescued).toBe(2);
});

test('who waits for a batch-worker at work goes on when one has taken a batch', async () => {
  const held = watch.untilHeld(new AbortController().signal);
  await take(10_000);
  expect(await held).toBeUndefined();
});
