import { expect, test } from 'vitest';
import { BlobStoreUnavailable } from '../blob-store-unavailable.ts';
import { createBlobStore } from '../create-blob-store.ts';
import { openSimStore } from '../testing/open-sim-store.ts';
import type { S3Sim } from '../testing/s3-sim.ts';
import {
  keyOf,
  MEBIBYTE,
  piecesOf,
  randomPieces,
  sha256Of,
  textOf,
  UNENDING,
  writeText,
} from '../testing/store-under-test.ts';

const key = keyOf('files/one');
const object = 'cell-1/blobs/acme/files/one';
const options = { signal: UNENDING };
const HOUR_MS = 3_600_000;

/** Runs something just before the first request of a method and name is answered. */
function before(sim: S3Sim, what: { method: string; asked: number }, run: () => Promise<void>): void {
  let asked = 0;
  sim.intercept(async ({ method, name }) => {
    if (method === what.method && name === object) asked += 1;
    if (asked === what.asked) {
      asked = Infinity;
      await run();
    }
    return undefined;
  });
}

test('a small blob costs one request to write and one to read', async () => {
  await using store = await openSimStore();
  await writeText(store.blobs, key, 'text');
  expect(await textOf((await store.blobs.read(key, options))?.body)).toBe('text');
  expect(store.sim.seen.map((request) => request.split('?')[0])).toEqual([`PUT ${object}`, `GET ${object}`]);
});

test('a large blob travels in parts of 8 MiB', async () => {
  await using store = await openSimStore();
  let sizes: number[] = [];
  store.sim.intercept(async ({ query }) => {
    const upload = store.sim.uploads.get(query.get('uploadId') ?? '');
    if (upload && !query.has('partNumber')) sizes = [...upload.parts.values()].map(({ length }) => length);
    return undefined;
  });
  await store.blobs.write(key, randomPieces(17 * MEBIBYTE), options);
  expect(sizes.toSorted((one, other) => other - one)).toEqual([8 * MEBIBYTE, 8 * MEBIBYTE, MEBIBYTE + 160]);
});

test('a blob replaced between the two requests of a read is read anew, whole', async () => {
  await using store = await openSimStore();
  const newer = randomPieces(MEBIBYTE);
  await store.blobs.write(key, randomPieces(MEBIBYTE), options);
  before(store.sim, { method: 'GET', asked: 2 }, async () => {
    await store.blobs.write(key, newer, options);
  });
  const read = await store.blobs.read(key, options);
  expect(read?.info.sha256).toBe(sha256Of(newer));
  expect(sha256Of(await piecesOf(read?.body))).toBe(sha256Of(newer));
});

test('a blob deleted between the two requests of a read is none', async () => {
  await using store = await openSimStore();
  await store.blobs.write(key, randomPieces(MEBIBYTE), options);
  before(store.sim, { method: 'GET', asked: 2 }, () => store.blobs.delete(key, options));
  expect(await store.blobs.read(key, options)).toBeUndefined();
});

test('a blob replaced again and again under a reader is unavailable, not waited for without end', async () => {
  await using store = await openSimStore();
  await store.blobs.write(key, randomPieces(MEBIBYTE), options);
  store.sim.intercept(async ({ header }) => {
    const [found] = store.sim.objects.values();
    if (header('if-match') !== undefined && found)
      store.sim.objects.set(object, { ...found, etag: '"another"' });
    else if (found) store.sim.objects.set(object, { ...found, etag: '"one"' });
    return undefined;
  });
  await expect(store.blobs.read(key, options)).rejects.toThrow(BlobStoreUnavailable);
});

test('a blob that replaces an expired one under the sweep stays', async () => {
  let nowMs = Date.now();
  await using store = await openSimStore(() => nowMs);
  await writeText(store.blobs, key, 'older', nowMs + HOUR_MS);
  nowMs += 2 * HOUR_MS;
  before(store.sim, { method: 'DELETE', asked: 1 }, () =>
    writeText(store.blobs, key, 'newer', nowMs + HOUR_MS),
  );
  expect(await store.blobs.sweep(nowMs, options)).toBe(0);
  expect(await textOf((await store.blobs.read(key, options))?.body)).toBe('newer');
});

test('a blob whose expiry passes while it is uploaded is swept all the same', async () => {
  let nowMs = Date.now();
  await using store = await openSimStore(() => nowMs);
  before(store.sim, { method: 'PUT', asked: 1 }, async () => {
    nowMs += HOUR_MS;
    await store.blobs.sweep(nowMs, options);
  });
  await writeText(store.blobs, key, 'late', nowMs + 1_000);
  expect(store.sim.objects.has(object)).toBe(true);
  expect(await store.blobs.sweep(nowMs, options)).toBe(1);
  expect(store.sim.objects.size).toBe(0);
});

test('the mark of a blob that was deleted goes once a day has passed', async () => {
  await using store = await openSimStore();
  await writeText(store.blobs, key, 'text', Date.now() + HOUR_MS);
  await store.blobs.delete(key, options);
  expect(await store.blobs.sweep(Date.now() + 2 * HOUR_MS, options)).toBe(0);
  expect(store.sim.objects.size).toBe(1);
  expect(await store.blobs.sweep(Date.now() + 25 * HOUR_MS, options)).toBe(0);
  expect(store.sim.objects.size).toBe(0);
});

test('a sweep follows every mark that is due, over many pages, and none that is not', async () => {
  const nowMs = Date.now();
  await using store = await openSimStore(() => nowMs, 2);
  for (const count of [1, 2, 3, 4, 5])
    await writeText(store.blobs, keyOf(`due/${count}`), 'x', nowMs + count);
  await writeText(store.blobs, keyOf('later'), 'x', nowMs + HOUR_MS);
  expect(await store.blobs.sweep(nowMs + 10, options)).toBe(5);
  expect([...store.sim.objects.keys()]).toHaveLength(2);
});

test('stores below two prefixes of one bucket share nothing', async () => {
  await using store = await openSimStore();
  const other = await createBlobStore({ kind: 's3', ...store.settings, prefix: 'cell-10/' });
  await writeText(store.blobs, key, 'one');
  await writeText(other, key, 'other');
  expect(await store.blobs.deletePrefix(keyOf(''), options)).toBe(1);
  expect(await textOf((await other.read(key, options))?.body)).toBe('other');
  expect([...store.sim.objects.keys()]).toEqual(['cell-10/blobs/acme/files/one']);
});

test('a prefix too long for the names of S3 is refused', async () => {
  const settings = { kind: 's3', bucket: 'blobs', prefix: 'x'.repeat(401) } as const;
  await expect(createBlobStore(settings)).rejects.toThrow('at most 400 characters');
});
