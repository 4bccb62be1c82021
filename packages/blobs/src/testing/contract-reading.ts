import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import {
  keyOf,
  MEBIBYTE,
  piecesOf,
  randomPieces,
  sha256Of,
  textOf,
  UNENDING,
  writeText,
  type OpenStore,
} from './store-under-test.ts';

const key = keyOf('files/output.jsonl');

export function testReading(open: OpenStore): void {
  test('there is nothing to read where nothing was written', async () => {
    await using store = await open(Date.now);
    expect(await store.blobs.read(key, { signal: UNENDING })).toBeUndefined();
    expect(await store.blobs.stat(key, { signal: UNENDING })).toBeUndefined();
  });

  test.each([
    [{ start: 0 }, '0123456789'],
    [{ start: 3 }, '3456789'],
    [{ start: 3, end: 3 }, ''],
    [{ start: 3, end: 4 }, '3'],
    [{ start: 0, end: 10 }, '0123456789'],
    [{ start: 8, end: 99 }, '89'],
    [{ start: 10 }, ''],
    [{ start: 99, end: 120 }, ''],
    [{ start: 5, end: 2 }, ''],
  ])('the range %j is clipped to the blob', async (range, expected) => {
    await using store = await open(Date.now);
    await writeText(store.blobs, key, '0123456789');
    const read = await store.blobs.read(key, { signal: UNENDING, range });
    expect(read?.info.bytes).toBe(10);
    expect(await textOf(read?.body)).toBe(expected);
  });

  test('a range may begin and end within any block', async () => {
    await using store = await open(Date.now);
    const pieces = randomPieces(10 * MEBIBYTE);
    await store.blobs.write(key, pieces, { signal: UNENDING });
    const range = { start: MEBIBYTE - 7, end: 9 * MEBIBYTE + 5 };
    const read = await store.blobs.read(key, { signal: UNENDING, range });
    const expected = Buffer.concat(pieces).subarray(range.start, range.end);
    expect(sha256Of(await piecesOf(read?.body))).toBe(sha256Of([expected]));
  });

  test('a reader in the middle of a blob that is replaced reads the older one to its end', async () => {
    await using store = await open(Date.now);
    const older = randomPieces(20 * MEBIBYTE);
    await store.blobs.write(key, older, { signal: UNENDING });
    const read = await store.blobs.read(key, { signal: UNENDING });
    const pieces: Uint8Array[] = [];
    let replaced = false;
    if (read) {
      for await (const piece of read.body) {
        pieces.push(piece);
        if (!replaced) await writeText(store.blobs, key, 'newer');
        replaced = true;
      }
    }
    expect(sha256Of(pieces)).toBe(sha256Of(older));
    expect(read?.info.sha256).toBe(sha256Of(older));
    expect(await textOf((await store.blobs.read(key, { signal: UNENDING }))?.body)).toBe('newer');
  });

  test('readers beside a writer that replaces see the hash and the bytes of one blob', async () => {
    await using store = await open(Date.now);
    await writeText(store.blobs, key, 'version 0');
    const write = async (): Promise<void> => {
      for (let version = 1; version <= 20; version += 1) {
        await writeText(store.blobs, key, `version ${version} ${'x'.repeat(version * 1_000)}`);
      }
    };
    const read = async (): Promise<void> => {
      for (let count = 0; count < 20; count += 1) {
        const found = await store.blobs.read(key, { signal: UNENDING });
        expect(sha256Of(await piecesOf(found?.body))).toBe(found?.info.sha256);
      }
    };
    await Promise.all([write(), read()]);
  });

  test('aborting a read stops it with the reason', async () => {
    await using store = await open(Date.now);
    await store.blobs.write(key, randomPieces(20 * MEBIBYTE), { signal: UNENDING });
    const controller = new AbortController();
    const reason = new Error('the client went away');
    const read = await store.blobs.read(key, { signal: controller.signal });
    let bytes = 0;
    const reading = (async () => {
      for await (const piece of read?.body ?? []) {
        bytes += piece.byteLength;
        controller.abort(reason);
      }
    })();
    await expect(reading).rejects.toBe(reason);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(20 * MEBIBYTE);
  });

  test('an aborted signal reads nothing', async () => {
    await using store = await open(Date.now);
    await writeText(store.blobs, key, 'text');
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(store.blobs.read(key, { signal })).rejects.toThrow('too late');
    await expect(store.blobs.stat(key, { signal })).rejects.toThrow('too late');
    await expect(store.blobs.delete(key, { signal })).rejects.toThrow('too late');
    await expect(store.blobs.deletePrefix(key, { signal })).rejects.toThrow('too late');
    await expect(Array.fromAsync(store.blobs.list(key, { signal }))).rejects.toThrow('too late');
    expect(await store.stored()).toBe(1);
  });

  test('a body can be left early, disposed of unread, and read once only', async () => {
    await using store = await open(Date.now);
    await store.blobs.write(key, randomPieces(3 * MEBIBYTE), { signal: UNENDING });
    const left = await store.blobs.read(key, { signal: UNENDING });
    for await (const piece of left?.body ?? []) if (piece.byteLength > 0) break;
    expect(() => left?.body[Symbol.asyncIterator]()).toThrow('can be read once');
    const unread = await store.blobs.read(key, { signal: UNENDING });
    await unread?.body[Symbol.asyncDispose]();
    expect(await piecesOf(unread?.body)).toEqual([]);
  });

  test('a body streams through a Node stream', async () => {
    await using store = await open(Date.now);
    await writeText(store.blobs, key, 'one line\n');
    const read = await store.blobs.read(key, { signal: UNENDING });
    expect(await text(Readable.from(read?.body ?? []))).toBe('one line\n');
  });
}
