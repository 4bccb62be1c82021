import { randomUUIDv7 } from 'node:crypto';
import { type FileId, idFromUuid, type TenantId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import type { NewFile } from './file-record.ts';
import { createFileStore } from './file-store.ts';

const tenantId = 'acme' as TenantId;
const newId = (): FileId => idFromUuid('FileId', randomUUIDv7());
const sample = (changes: Partial<NewFile> = {}): NewFile => {
  const id = newId();
  return {
    id,
    tenantId,
    filename: 'a.jsonl',
    purpose: 'batch',
    bytes: 3,
    sha256: 'f'.repeat(64),
    path: `files/${id}`,
    keepMs: 60_000,
    ...changes,
  };
};
const ANY = { purpose: undefined, order: 'desc', after: undefined, limit: 10 } as const;
const leftOf = async ({ redis, keys }: TestStore) => redis.keys(`${keys.prefix}*`);

describe('a file', () => {
  test('that is made again under its id is the same file', async () => {
    await using store = await openTestStore();
    const files = createFileStore(store.redis, store.keys);
    const file = sample();
    const first = await files.create(file);
    const again = await files.create({ ...file, keepMs: 1 });
    expect(again).toEqual(first);
    expect(first.expiresAtMs - first.createdAtMs).toBe(60_000);
    expect(await files.one(file.id, tenantId)).toEqual(first);
    expect(await files.list(tenantId, ANY)).toEqual({ files: [first], hasMore: false });
  });

  test('that is only reserved is seen by nobody, and becomes the file it was reserved for', async () => {
    await using store = await openTestStore();
    const files = createFileStore(store.redis, store.keys);
    const file = sample();
    await files.reserve(file);
    expect(await files.one(file.id, tenantId)).toBeUndefined();
    expect((await files.list(tenantId, ANY)).files).toEqual([]);
    expect(await files.delete(file.id, tenantId)).toEqual({ kind: 'not-found' });
    await files.create(file);
    await files.reserve(file);
    expect(await files.one(file.id, tenantId)).toMatchObject({ bytes: 3, path: file.path });
  });

  test('whose writer never came back is due, and leaves nothing once it is forgotten', async () => {
    await using store = await openTestStore();
    const files = createFileStore(store.redis, store.keys);
    const file = sample();
    await files.reserve(file);
    expect(await files.due(10)).toEqual([]);
    await store.redis.zadd(store.keys.filesExpiry, Date.now(), file.id);
    expect(await files.due(10)).toEqual([{ id: file.id, tenantId, path: file.path }]);
    await files.forget(file.id);
    expect(await leftOf(store)).toEqual([]);
  });

  test('whose time is over is seen by nobody, is due once, and again when whoever took it died', async () => {
    await using store = await openTestStore();
    const files = createFileStore(store.redis, store.keys);
    const file = sample({ keepMs: 0 });
    await files.create(file);
    expect(await files.one(file.id, tenantId)).toBeUndefined();
    expect(await files.list(tenantId, ANY)).toEqual({ files: [], hasMore: false });
    const due = [{ id: file.id, tenantId, path: file.path }];
    expect(await files.due(10)).toEqual(due);
    expect(await files.due(10)).toEqual([]);
    await store.redis.zadd(store.keys.filesExpiry, Date.now(), file.id);
    expect(await files.due(10)).toEqual(due);
    await files.forget(file.id);
    expect(await leftOf(store)).toEqual([]);
  });

  test('that a batch reads is not deleted, and when its time is over only after the batch', async () => {
    await using store = await openTestStore();
    const files = createFileStore(store.redis, store.keys);
    const [used, over] = [sample(), sample({ keepMs: 0 })];
    for (const file of [used, over]) {
      await files.create(file);
      await store.redis.sadd(store.keys.fileUsers(file.id), 'batch_1');
    }
    expect(await files.delete(used.id, tenantId)).toEqual({ kind: 'in-use' });
    expect(await files.due(10)).toEqual([]);
    await store.redis.del(store.keys.fileUsers(over.id), store.keys.fileUsers(used.id));
    await store.redis.zadd(store.keys.filesExpiry, Date.now(), over.id);
    expect((await files.due(10)).map(({ id }) => id)).toEqual([over.id]);
    expect(await files.delete(used.id, tenantId)).toEqual({ kind: 'deleted', path: used.path });
  });

  test('that can be seen is not forgotten', async () => {
    await using store = await openTestStore();
    const files = createFileStore(store.redis, store.keys);
    const file = sample();
    await files.create(file);
    await files.forget(file.id);
    expect(await files.one(file.id, tenantId)).toBeDefined();
  });

  test("is another tenant's for everybody else", async () => {
    await using store = await openTestStore();
    const files = createFileStore(store.redis, store.keys);
    const file = sample();
    await files.create(file);
    const other = 'other' as TenantId;
    expect(await files.one(file.id, other)).toBeUndefined();
    expect(await files.delete(file.id, other)).toEqual({ kind: 'not-found' });
    expect((await files.list(other, ANY)).files).toEqual([]);
  });
});

describe('a list', () => {
  test('passes over what has expired and goes on to the end, also over more than one reading', async () => {
    await using store = await openTestStore();
    const files = createFileStore(store.redis, store.keys);
    const ids: FileId[] = [];
    for (let count = 0; count < 1203; count += 1) {
      const file = sample({ keepMs: count % 400 === 1 ? 60_000 : 0 });
      ids.push(file.id);
      await files.create(file);
    }
    const shown = [ids[1], ids[401], ids[801], ids[1201]];
    const asc = await files.list(tenantId, { ...ANY, order: 'asc', limit: 3 });
    expect([asc.files.map(({ id }) => id), asc.hasMore]).toEqual([shown.slice(0, 3), true]);
    const rest = await files.list(tenantId, { ...ANY, order: 'asc', after: asc.files[2]?.id, limit: 3 });
    expect([rest.files.map(({ id }) => id), rest.hasMore]).toEqual([shown.slice(3), false]);
    const desc = await files.list(tenantId, { ...ANY, purpose: 'batch', limit: 4 });
    expect([desc.files.map(({ id }) => id), desc.hasMore]).toEqual([shown.toReversed(), false]);
  });
});
