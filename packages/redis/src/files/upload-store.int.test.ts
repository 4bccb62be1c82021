import { randomUUIDv7 } from 'node:crypto';
import { idFromUuid, type TenantId } from '@spillway/core';
import { expect, test } from 'vitest';
import { openTestStore } from '../testing/open-test-store.ts';
import { createFileStore } from './file-store.ts';
import type { NewUpload } from './upload-record.ts';
import { createUploadStore } from './upload-store.ts';

const tenantId = 'acme' as TenantId;
const LIMITS = { mostParts: 2, mostTimesBytes: 2 };
const newPart = (bytes: number) => ({ id: idFromUuid('PartId', randomUUIDv7()), bytes });
const sample = (changes: Partial<NewUpload> = {}): NewUpload => ({
  id: idFromUuid('UploadId', randomUUIDv7()),
  tenantId,
  filename: 'a',
  purpose: 'batch',
  bytes: 10,
  fileKeepMs: 60_000,
  openMs: 60_000,
  ...changes,
});

test('of two that complete an upload at once, one makes the file and the other is told of it', async () => {
  await using store = await openTestStore();
  const uploads = createUploadStore(store.redis, store.keys);
  const files = createFileStore(store.redis, store.keys);
  const upload = sample();
  await uploads.create(upload);
  const candidates = [1, 2].map(() => {
    const id = idFromUuid('FileId', randomUUIDv7());
    const content = { bytes: 10, sha256: 'f'.repeat(64), path: `files/${id}` };
    return { id, tenantId, filename: 'a', purpose: 'batch' as const, keepMs: 1000, ...content };
  });
  const answers = await Promise.all(
    candidates.map((file) => uploads.complete(upload.id, tenantId, 'order', file)),
  );
  expect(answers[0]).toEqual(answers[1]);
  const seen = await Promise.all(candidates.map(({ id }) => files.one(id, tenantId)));
  expect(seen.filter((file) => file !== undefined)).toHaveLength(1);
});

test('a part sent again under its id counts once; too many parts and too many bytes are refused', async () => {
  await using store = await openTestStore();
  const uploads = createUploadStore(store.redis, store.keys);
  const upload = sample();
  await uploads.create(upload);
  const add = (part: ReturnType<typeof newPart>) => uploads.addPart(upload.id, tenantId, part, LIMITS);
  const part = newPart(10);
  expect((await add(part)).kind).toBe('added');
  expect((await add(part)).kind).toBe('added');
  expect((await add(newPart(11))).kind).toBe('too-much');
  expect((await add(newPart(10))).kind).toBe('added');
  expect((await add(newPart(0))).kind).toBe('too-much');
  expect([...(await uploads.parts(upload.id)).values()]).toEqual([10, 10]);
});

test('what is left of an upload is due an hour after its end, and nothing is left once it is forgotten', async () => {
  await using store = await openTestStore();
  const uploads = createUploadStore(store.redis, store.keys);
  const upload = sample({ openMs: -3_600_000 });
  const young = sample({ openMs: 0 });
  await uploads.create(upload);
  await uploads.create(young);
  expect(await uploads.one(young.id, tenantId)).toMatchObject({ status: 'expired' });
  expect(await uploads.addPart(young.id, tenantId, newPart(1), LIMITS)).toEqual({
    kind: 'not-pending',
    status: 'expired',
  });
  expect(await uploads.due(10)).toEqual([{ id: upload.id, tenantId }]);
  await uploads.forget(upload.id);
  expect(await uploads.due(10)).toEqual([]);
  await uploads.forget(young.id);
  expect(await store.redis.keys(`${store.keys.prefix}*`)).toEqual([]);
});
