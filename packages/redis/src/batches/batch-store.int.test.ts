import { randomUUID } from 'node:crypto';
import {
  BATCH_STATUSES,
  type BatchId,
  type BatchStatus,
  type FileId,
  idFromUuid,
  type TenantId,
  transitionBatch,
} from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { tenant } from '../jobs/job-life.fixtures.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { description, newBatch, openBatches, webhook } from './batch-life.fixtures.ts';
import type { BatchListFilter } from './batch-store.ts';

const stranger = 'other' as TenantId;
const idempotency = { key: 'evening', bodyHash: 'h', keepMs: 60_000 };

describe('creating a batch', () => {
  test('tells it as it was written, and a batch-worker takes it at once', async () => {
    await using store = await openTestStore();
    const { store: batches, work } = openBatches(store);
    const batch = newBatch({ webhook });
    const creation = await batches.create(batch, undefined);
    expect(creation).toEqual({ kind: 'created', record: await batches.one(batch.id, tenant) });
    expect(creation).toMatchObject({
      record: { id: batch.id, status: 'validating', version: 1, paused: false, description, webhook },
    });
    expect(await work.take(1000)).toMatchObject({ kind: 'taken', lease: { batchId: batch.id, fence: 1 } });
  });

  test('under a known idempotency key gives the first one as it was then, whatever became of it', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    const first = await batches.store.create(newBatch({ webhook }), idempotency);
    const lease = await batches.take();
    await batches.work.move(lease, 'validating', 'failed', undefined);
    const record = first.kind === 'created' ? first.record : undefined;
    expect(await batches.store.create(newBatch(), idempotency)).toEqual({ kind: 'replayed', record });
    expect(await batches.store.create(newBatch(), { ...idempotency, bodyHash: 'other' })).toEqual({
      kind: 'conflict',
    });
    const elsewhere = await batches.store.create(newBatch({ tenantId: stranger }), idempotency);
    expect(elsewhere.kind, "keys are each tenant's own").toBe('created');
  });

  test('sent again after its reply was lost writes it once', async () => {
    await using store = await openTestStore();
    const { store: batches } = openBatches(store);
    const batch = newBatch();
    const creation = await batches.create(batch, idempotency);
    await batches.requestCancel(batch.id, tenant);
    expect(await batches.create(batch, idempotency)).toEqual(creation);
    expect(await batches.one(batch.id, tenant)).toMatchObject({ status: 'cancelling' });
  });

  test('keeps its input file from being deleted until it has ended', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    const file = await openFile(store, {});
    const { id } = await batches.create({ description: { ...description, inputFileId: file } });
    expect(await store.redis.smembers(store.keys.fileUsers(file))).toEqual([id]);
    const lease = await batches.take();
    await batches.work.move(lease, 'validating', 'failed', undefined);
    expect(await store.redis.smembers(store.keys.fileUsers(file))).toEqual([]);
  });

  test.each([
    ['is not there', { tenant: '' }],
    ["is another tenant's", { tenant: stranger }],
    ['has expired', { expires_at_ms: 1 }],
    ['is still being written', { state: 'reserved' }],
    ['was deleted', { state: 'deleted' }],
  ])('writes nothing when the input file %s', async (_reason, fields) => {
    await using store = await openTestStore();
    const { store: batches } = openBatches(store);
    const file = await openFile(store, fields);
    const batch = newBatch({ description: { ...description, inputFileId: file } });
    expect(await batches.create(batch, idempotency)).toEqual({ kind: 'input-gone' });
    expect(await batches.one(batch.id, tenant)).toBeUndefined();
    expect(await store.redis.exists(store.keys.fileUsers(file))).toBe(0);
    expect((await batches.create(newBatch(), idempotency)).kind, 'the key is not used up').toBe('created');
  });
});

describe('the batches of a tenant', () => {
  test('are listed newest first, page by page both ways, each face for itself', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    const ids: BatchId[] = [];
    for (let count = 0; count < 5; count += 1) ids.push((await batches.create()).id);
    const newest = ids.toSorted((a, b) => (a < b ? 1 : -1));
    await batches.create({ tenantId: stranger });
    const document = await batches.create({ description: { ...description, face: 'documents' } });
    const page = async (changes: Partial<BatchListFilter>) => {
      const filter = { face: 'openai', limit: 2, after: undefined, before: undefined, ...changes } as const;
      const { batches: found, hasMore } = await batches.store.list(tenant, filter);
      return [...found.map(({ id }) => newest.indexOf(id)), hasMore ? 'more' : 'end'];
    };
    expect(await page({})).toEqual([0, 1, 'more']);
    expect(await page({ after: newest[1] })).toEqual([2, 3, 'more']);
    expect(await page({ after: newest[3] })).toEqual([4, 'end']);
    expect(await page({ before: newest[4] })).toEqual([2, 3, 'more']);
    expect(await page({ before: newest[2] })).toEqual([0, 1, 'end']);
    expect(await page({ before: newest[0] })).toEqual(['end']);
    expect(await page({ limit: 5 })).toEqual([0, 1, 2, 3, 4, 'end']);
    const documents = await batches.store.list(tenant, {
      face: 'documents',
      limit: 9,
      after: undefined,
      before: undefined,
    });
    expect(documents).toEqual({ batches: [document], hasMore: false });
  });

  test('are neither seen nor changed by another tenant', async () => {
    await using store = await openTestStore();
    const { store: batches, create } = openBatches(store);
    const { id } = await create();
    expect(await batches.one(id, stranger)).toBeUndefined();
    expect(await batches.requestCancel(id, stranger)).toEqual({ kind: 'not-found' });
    expect(await batches.setPaused(id, stranger, true)).toEqual({ kind: 'not-found' });
    expect(await batches.forget(id, stranger)).toEqual({ kind: 'not-found' });
    expect(await batches.one(id, tenant)).toMatchObject({ status: 'validating', paused: false, version: 1 });
  });
});

describe.each(BATCH_STATUSES)('a batch that is %s', (status) => {
  const cancelled = transitionBatch(status, { kind: 'cancel-requested' });
  const isFed = status === 'validating' || status === 'in_progress';

  test(`is ${cancelled.ok ? 'cancelled' : 'not cancelled any more'}, however often it is asked`, async () => {
    await using store = await openTestStore();
    const { batches, id } = await openBatchIn(store, status);
    const before = await batches.one(id, tenant);
    const change = await batches.requestCancel(id, tenant);
    expect(change).toMatchObject({
      kind: cancelled.ok ? 'changed' : 'refused',
      record: { status: cancelled.ok ? cancelled.value : status },
    });
    expect(await batches.requestCancel(id, tenant), 'to the same effect').toEqual(change);
    const after = change.kind === 'not-found' ? undefined : change.record;
    expect((after?.version ?? 0) - (before?.version ?? 0), 'a change has another version').toBe(
      isFed ? 1 : 0,
    );
    expect(await store.redis.smembers(`${store.keys.prefix}batches:running`)).toEqual([]);
  });

  test(`is ${isFed ? 'paused and resumed' : 'not paused'}`, async () => {
    await using store = await openTestStore();
    const { batches, id } = await openBatchIn(store, status);
    const kind = isFed ? 'changed' : 'refused';
    for (const paused of [true, true, false]) {
      const change = await batches.setPaused(id, tenant, paused);
      expect(change).toMatchObject({ kind, record: { status, paused: isFed && paused } });
    }
  });

  test(`is ${!isFed && !cancelled.ok && status !== 'finalizing' ? 'forgotten at once' : 'not forgotten'}`, async () => {
    await using store = await openTestStore();
    const { batches, id, work } = await openBatchIn(store, status);
    const record = await batches.one(id, tenant);
    const hasEnded = await store.redis.zscore(store.keys.batchesRetained, id);
    expect(await batches.forget(id, tenant)).toEqual({
      kind: hasEnded === null ? 'refused' : 'changed',
      record,
    });
    const filter = { face: 'openai', limit: 9, after: undefined, before: undefined } as const;
    const listed = hasEnded === null ? [record] : [];
    expect((await batches.list(tenant, filter)).batches).toEqual(listed);
    expect(await batches.one(id, tenant)).toEqual(listed[0]);
    const goesAtMs = await store.redis.zscore(store.keys.batchesRetained, id);
    expect(goesAtMs === null || Number(goesAtMs) <= Date.now()).toBe(true);
    await store.redis.zadd(store.keys.batchesRetained, 'XX', 1, id);
    expect(await work.outlived(9)).toEqual(hasEnded === null ? [] : [{ id, tenantId: tenant }]);
  });
});

/** Where a batch comes through on its way to a status, with what moves it there. */
const WAYS: Readonly<Record<BatchStatus, readonly (BatchStatus | 'asked to cancel')[]>> = {
  validating: [],
  in_progress: ['in_progress'],
  finalizing: ['in_progress', 'finalizing'],
  cancelling: ['in_progress', 'asked to cancel'],
  completed: ['in_progress', 'finalizing', 'completed'],
  failed: ['failed'],
  expired: ['in_progress', 'finalizing', 'expired'],
  cancelled: ['asked to cancel', 'cancelled'],
};

async function openBatchIn(store: TestStore, status: BatchStatus) {
  const { store: batches, work, create, take } = openBatches(store);
  const { id } = await create();
  const lease = await take();
  let from: BatchStatus = 'validating';
  for (const next of WAYS[status]) {
    if (next === 'asked to cancel') await batches.requestCancel(id, tenant);
    else await work.move(lease, from, next, undefined);
    from = next === 'asked to cancel' ? 'cancelling' : next;
  }
  expect(await batches.one(id, tenant)).toMatchObject({ status });
  return { batches, work, id };
}

async function openFile(
  { redis, keys }: TestStore,
  fields: Readonly<Record<string, string | number>>,
): Promise<FileId> {
  const id = idFromUuid('FileId', randomUUID());
  const whole = { state: 'ready', tenant, expires_at_ms: Date.now() + 60_000, ...fields };
  await redis.hset(keys.file(id), whole);
  return id;
}
