import type { BlobStore } from '@spillway/blobs';
import { openTestBlobStore } from '@spillway/blobs/testing';
import { array, assert, asyncProperty, constant, oneof, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openBlobWriter } from './open-blob-writer.ts';
import { TENANT } from './testing/outcomes.ts';

const signal = new AbortController().signal;
const key = { tenantId: TENANT, path: 'batches/x/journal.jsonl' };

/** A store that takes nothing until it is told to. */
function slowStore(blobs: BlobStore) {
  const open = Promise.withResolvers<void>();
  const slow: BlobStore = {
    ...blobs,
    write: async (to, source, options) => {
      await open.promise;
      return blobs.write(to, source, options);
    },
  };
  return { slow, open };
}

describe('openBlobWriter', () => {
  test('what is pushed is what stands there, and only after the end', async () => {
    await using store = await openTestBlobStore();
    const chunks = array(oneof(uint8Array({ maxLength: 200 }), constant(new Uint8Array(70_000))), {
      maxLength: 12,
    });
    await assert(
      asyncProperty(chunks, async (pushed) => {
        await store.blobs.delete(key, { signal });
        const writer = openBlobWriter(store.blobs, key, { signal });
        for (const chunk of pushed) await writer.write(chunk);
        expect(await store.blobs.stat(key, { signal })).toBeUndefined();
        const whole = Buffer.concat(pushed);
        expect(await writer.end()).toMatchObject({ key, bytes: whole.length });
        const read = await store.blobs.read(key, { signal });
        expect(Buffer.concat(read ? await Array.fromAsync(read.body) : []).equals(whole)).toBe(true);
        await writer.abort();
        expect(await store.blobs.stat(key, { signal })).toBeDefined();
      }),
      { numRuns: 40 },
    );
  });

  test('a producer faster than the store waits for it', async () => {
    await using store = await openTestBlobStore();
    const { slow, open } = slowStore(store.blobs);
    const writer = openBlobWriter(slow, key, { signal });
    const block = Buffer.alloc(65_536);
    for (let index = 0; index < 4; index += 1) await writer.write(block);
    let hadRoom = false;
    const fifth = writer.write(block).then(() => (hadRoom = true));
    await new Promise(setImmediate);
    expect(hadRoom).toBe(false);
    open.resolve();
    await fifth;
    expect(await writer.end()).toMatchObject({ bytes: 5 * 65_536 });
  });

  test('an aborted blob leaves nothing, also while the store waits for more', async () => {
    await using store = await openTestBlobStore();
    const writer = openBlobWriter(store.blobs, key, { signal });
    await writer.write(Buffer.alloc(300_000));
    await writer.abort();
    expect(await store.blobs.stat(key, { signal })).toBeUndefined();
    await expect(writer.write(Buffer.alloc(1))).rejects.toThrow('not wanted any more');
  });

  test('an abort from outside is what write and end reject with', async () => {
    await using store = await openTestBlobStore();
    const stop = new AbortController();
    const writer = openBlobWriter(store.blobs, key, { signal: stop.signal });
    await writer.write(Buffer.alloc(10));
    stop.abort(new Error('shutting down'));
    await expect(writer.end()).rejects.toThrow('shutting down');
    await expect(writer.write(Buffer.alloc(10))).rejects.toThrow('shutting down');
  });

  test('a store that fails is told to who waits for room, and to every later write', async () => {
    await using store = await openTestBlobStore();
    const { slow, open } = slowStore(store.blobs);
    const writer = openBlobWriter(slow, key, { signal });
    const waiting = writer.write(Buffer.alloc(400_000));
    open.reject(new Error('the disk is full'));
    await expect(waiting).rejects.toThrow('the disk is full');
    await expect(writer.write(Buffer.alloc(1))).rejects.toThrow('the disk is full');
    await expect(writer.end()).rejects.toThrow('the disk is full');
    await writer.abort();
  });
});
