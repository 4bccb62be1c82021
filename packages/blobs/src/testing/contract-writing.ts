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

const key = keyOf('files/input.jsonl');

/** More than one part, so that some of it lies on the medium before the end. */
async function* endless(bytes: number, reached: () => void): AsyncGenerator<Uint8Array, void, undefined> {
  for (const piece of randomPieces(bytes)) yield piece;
  reached();
  await new Promise(() => undefined);
}

export function testWriting(open: OpenStore): void {
  test('20 MB of random bytes come back as they were, with their hash', async () => {
    await using store = await open(Date.now);
    const pieces = randomPieces(20_000_001);
    const written = await store.blobs.write(key, pieces, { signal: UNENDING });
    const sha256 = sha256Of(pieces);
    expect(written).toMatchObject({ kind: 'written', info: { key, bytes: 20_000_001, sha256 } });
    const read = await store.blobs.read(key, { signal: UNENDING });
    expect(read?.info).toMatchObject({ bytes: 20_000_001, sha256 });
    expect(sha256Of(await piecesOf(read?.body))).toBe(sha256);
    expect(await store.leftovers()).toBe(0);
  });

  test.each([
    0,
    1,
    MEBIBYTE - 1,
    MEBIBYTE,
    8 * MEBIBYTE - 160,
    8 * MEBIBYTE,
    8 * MEBIBYTE + 1,
    16 * MEBIBYTE,
  ])('a blob of %i bytes comes back as it was', async (bytes) => {
    await using store = await open(Date.now);
    const pieces = randomPieces(bytes);
    await store.blobs.write(key, pieces, { signal: UNENDING });
    const read = await store.blobs.read(key, { signal: UNENDING });
    expect(read?.info.bytes).toBe(bytes);
    expect(sha256Of(await piecesOf(read?.body))).toBe(sha256Of(pieces));
  });

  test('a source may use its buffer again for the next chunk', async () => {
    await using store = await open(Date.now);
    const chunk = Buffer.alloc(3);
    async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
      for (const text of ['one', 'two', 'six']) {
        chunk.write(text);
        yield chunk;
      }
    }
    await store.blobs.write(key, source(), { signal: UNENDING });
    expect(await textOf((await store.blobs.read(key, { signal: UNENDING }))?.body)).toBe('onetwosix');
  });

  test('a write aborted in the middle ends at once, shows nothing and leaves nothing', async () => {
    await using store = await open(Date.now);
    const controller = new AbortController();
    const reason = new Error('the client went away');
    const source = endless(9 * MEBIBYTE, () => controller.abort(reason));
    await expect(store.blobs.write(key, source, { signal: controller.signal })).rejects.toBe(reason);
    expect(await store.blobs.stat(key, { signal: UNENDING })).toBeUndefined();
    expect(await store.leftovers()).toBe(0);
    expect(await store.stored()).toBe(0);
  });

  test('a write with an aborted signal never begins', async () => {
    await using store = await open(Date.now);
    const reason = new Error('too late');
    const signal = AbortSignal.abort(reason);
    await expect(store.blobs.write(key, [Buffer.from('x')], { signal })).rejects.toBe(reason);
    expect(await store.stored()).toBe(0);
  });

  test('a source that throws leaves the older blob as it was, and its error is passed on', async () => {
    await using store = await open(Date.now);
    await writeText(store.blobs, key, 'older');
    const failure = new Error('the upload broke off');
    async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
      yield* randomPieces(9 * MEBIBYTE);
      throw failure;
    }
    await expect(store.blobs.write(key, source(), { signal: UNENDING })).rejects.toBe(failure);
    expect(await textOf((await store.blobs.read(key, { signal: UNENDING }))?.body)).toBe('older');
    expect(await store.leftovers()).toBe(0);
  });

  test.each([1_000, 9 * MEBIBYTE])(
    'a source of more than %i bytes is refused and leaves nothing',
    async (mostBytes) => {
      await using store = await open(Date.now);
      let left = false;
      async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
        try {
          for (;;) yield Buffer.alloc(70_000);
        } finally {
          left = true;
        }
      }
      const written = await store.blobs.write(key, source(), { signal: UNENDING, mostBytes });
      expect(written).toEqual({ kind: 'too-large', mostBytes });
      expect(left).toBe(true);
      expect(await store.stored()).toBe(0);
      expect(await store.leftovers()).toBe(0);
    },
  );

  test('a source of exactly the most bytes is taken', async () => {
    await using store = await open(Date.now);
    const options = { signal: UNENDING, mostBytes: 5 };
    expect(await store.blobs.write(key, [Buffer.from('12345')], options)).toMatchObject({ kind: 'written' });
  });

  test('a blob is not to be seen before its last byte', async () => {
    await using store = await open(Date.now);
    const halfway = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
      yield* randomPieces(9 * MEBIBYTE);
      halfway.resolve();
      await goOn.promise;
      yield Buffer.from('the end');
    }
    const writing = store.blobs.write(key, source(), { signal: UNENDING });
    await halfway.promise;
    expect(await store.blobs.stat(key, { signal: UNENDING })).toBeUndefined();
    expect(await Array.fromAsync(store.blobs.list(keyOf(''), { signal: UNENDING }))).toEqual([]);
    goOn.resolve();
    expect(await writing).toMatchObject({ kind: 'written' });
    expect(await store.blobs.stat(key, { signal: UNENDING })).toBeDefined();
  });

  test('of two writers of one key at once one wins, whole', async () => {
    await using store = await open(Date.now);
    const blobs = [randomPieces(9 * MEBIBYTE), randomPieces(9 * MEBIBYTE + 1)];
    await Promise.all(blobs.map((pieces) => store.blobs.write(key, pieces, { signal: UNENDING })));
    const read = await store.blobs.read(key, { signal: UNENDING });
    const sha256 = sha256Of(await piecesOf(read?.body));
    expect(read?.info.sha256).toBe(sha256);
    expect(blobs.map(sha256Of)).toContain(sha256);
    expect(await store.stored()).toBe(1);
  });

  test.each([
    '',
    '/a',
    'a/',
    'a//b',
    '..',
    'a/../b',
    './a',
    'a b',
    'a~',
    'ä',
    'a\n',
    'x'.repeat(201),
    'x/'.repeat(300),
  ])('the path %j is a bug and throws', async (path) => {
    await using store = await open(Date.now);
    const illegal = keyOf(path);
    await expect(store.blobs.write(illegal, [], { signal: UNENDING })).rejects.toThrow(
      'not a legal blob path',
    );
    await expect(store.blobs.read(illegal, { signal: UNENDING })).rejects.toThrow('not a legal blob path');
    await expect(store.blobs.stat(illegal, { signal: UNENDING })).rejects.toThrow('not a legal blob path');
    await expect(store.blobs.delete(illegal, { signal: UNENDING })).rejects.toThrow('not a legal blob path');
  });
}
