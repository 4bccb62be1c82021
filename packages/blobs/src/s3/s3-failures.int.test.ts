import { describe, expect, test } from 'vitest';
import { BlobStoreUnavailable } from '../blob-store-unavailable.ts';
import type { BlobStore } from '../blob-store.ts';
import { openSimStore } from '../testing/open-sim-store.ts';
import { refusal, xml } from '../testing/s3-sim-answer.ts';
import { keyOf, MEBIBYTE, randomPieces, UNENDING, writeText } from '../testing/store-under-test.ts';

const key = keyOf('files/one');
const object = 'cell-1/blobs/acme/files/one';
const options = { signal: UNENDING };

const calls: readonly [string, (blobs: BlobStore) => Promise<unknown>][] = [
  ['write', (blobs) => blobs.write(key, [Buffer.from('x')], options)],
  ['read', (blobs) => blobs.read(key, options)],
  ['stat', (blobs) => blobs.stat(key, options)],
  ['delete', (blobs) => blobs.delete(key, options)],
  ['deletePrefix', (blobs) => blobs.deletePrefix(key, options)],
  ['list', (blobs) => Array.fromAsync(blobs.list(key, options))],
  ['sweep', (blobs) => blobs.sweep(Date.now(), options)],
];

describe.each(calls)('%s', (_name, call) => {
  test('is unavailable when nobody listens', async () => {
    const store = await openSimStore();
    await store[Symbol.asyncDispose]();
    const refused = await call(store.blobs).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BlobStoreUnavailable);
    expect(refused).toMatchObject({
      message: 'the blob store cannot be used now: ECONNREFUSED',
      cause: { code: 'ECONNREFUSED' },
    });
  });

  test('is unavailable when S3 refuses', async () => {
    await using store = await openSimStore();
    // HEAD has no body to say more than the status
    store.sim.intercept(async ({ method }) => (method === 'HEAD' ? undefined : refusal(403, 'AccessDenied')));
    await expect(call(store.blobs)).rejects.toThrow(BlobStoreUnavailable);
  });
});

test.each([
  [503, 'SlowDown'],
  [500, 'InternalError'],
  [404, 'NoSuchBucket'],
  [400, 'ExpiredToken'],
])('S3 is unavailable when it answers %i %s', async (status, code) => {
  await using store = await openSimStore();
  store.sim.intercept(async () => refusal(status, code));
  await expect(store.blobs.stat(key, options)).rejects.toThrow(BlobStoreUnavailable);
});

test('a request that S3 finds malformed is a bug', async () => {
  await using store = await openSimStore();
  store.sim.intercept(async () => refusal(400, 'InvalidRequest'));
  const refused = await store.blobs.delete(key, options).catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'InvalidRequest' });
});

test('a connection lost in every try is unavailable', async () => {
  await using store = await openSimStore();
  store.sim.intercept(() => Promise.reject(new Error('the cable was pulled')));
  await expect(store.blobs.stat(key, options)).rejects.toThrow(BlobStoreUnavailable);
});

test.each(['uploads', 'partNumber=2', 'uploadId'])(
  'an upload refused at its request ?%s shows nothing and leaves nothing',
  async (step) => {
    await using store = await openSimStore();
    store.sim.intercept(async ({ method, query }) => {
      const [name = '', value] = step.split('=');
      const refused =
        method !== 'DELETE' && query.has(name) && (value === undefined || query.get(name) === value);
      return refused ? refusal(403, 'AccessDenied') : undefined;
    });
    await expect(store.blobs.write(key, randomPieces(20 * MEBIBYTE), options)).rejects.toThrow(
      BlobStoreUnavailable,
    );
    expect([...store.sim.objects.keys()]).toEqual([]);
    expect(store.sim.uploads.size).toBe(0);
  },
);

test('an upload that cannot even be aborted keeps its first failure, and is swept after a day', async () => {
  await using store = await openSimStore();
  const failure = new Error('the source broke off');
  async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
    yield* randomPieces(9 * MEBIBYTE);
    throw failure;
  }
  store.sim.intercept(async ({ method }) => (method === 'DELETE' ? refusal(403, 'AccessDenied') : undefined));
  await expect(store.blobs.write(key, source(), options)).rejects.toBe(failure);
  expect(store.sim.uploads.size).toBe(1);
  store.sim.intercept(async () => undefined);
  expect(await store.blobs.sweep(Date.now() + 25 * 3_600_000, options)).toBe(1);
  expect(store.sim.uploads.size).toBe(0);
});

test('blobs that S3 would not delete are not counted as deleted', async () => {
  await using store = await openSimStore();
  await writeText(store.blobs, key, 'text');
  store.sim.intercept(async ({ query }) =>
    query.has('delete')
      ? xml('DeleteResult', `<Error><Key>${object}</Key><Code>InternalError</Code></Error>`)
      : undefined,
  );
  await expect(store.blobs.deletePrefix(keyOf('files'), options)).rejects.toThrow('InternalError');
});

test('an object that is none of ours is damaged and never shown', async () => {
  await using store = await openSimStore();
  store.sim.objects.set(object, { content: Buffer.from('foreign'), etag: '"1"', modifiedAtMs: Date.now() });
  await expect(store.blobs.read(key, options)).rejects.toThrow('acme/files/one is damaged');
});

test('an abort while S3 does not answer ends the call with the reason', async () => {
  await using store = await openSimStore();
  const controller = new AbortController();
  const reason = new Error('stopping');
  const goOn = Promise.withResolvers<undefined>();
  store.sim.intercept(() => {
    controller.abort(reason);
    return goOn.promise;
  });
  await expect(store.blobs.read(key, { signal: controller.signal })).rejects.toBe(reason);
  goOn.resolve(undefined);
});
