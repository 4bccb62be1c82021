import { expect, test } from 'vitest';
import type { BlobKey, BlobStore } from '../blob-store.ts';
import { keyOf, textOf, UNENDING, writeText, type OpenStore } from './store-under-test.ts';

const pathsOf = async (blobs: BlobStore, prefix: BlobKey): Promise<string[]> =>
  (await Array.fromAsync(blobs.list(prefix, { signal: UNENDING }))).map(({ key }) => key.path);

async function writeAll(blobs: BlobStore, paths: readonly string[], tenant?: string): Promise<void> {
  for (const path of paths) await writeText(blobs, keyOf(path, tenant), path);
}

export function testFinding(open: OpenStore): void {
  test('a list is ordered by path, character by character, and holds what stands at the prefix too', async () => {
    await using store = await open(Date.now);
    const ordered = [
      'a',
      'a-b',
      'a.b',
      'a/B',
      'a/b',
      'a/b-c',
      'a/b/c',
      'a/b0',
      'a0/x',
      'aa',
      'b/1',
      'b/10',
      'b/2',
    ];
    await writeAll(store.blobs, ordered.toReversed());
    expect(await pathsOf(store.blobs, keyOf(''))).toEqual(ordered);
    expect(await pathsOf(store.blobs, keyOf('a'))).toEqual(['a', 'a/B', 'a/b', 'a/b-c', 'a/b/c', 'a/b0']);
    expect(await pathsOf(store.blobs, keyOf('a/b'))).toEqual(['a/b', 'a/b/c']);
    expect(await pathsOf(store.blobs, keyOf('c'))).toEqual([]);
  });

  test('a list tells what stat tells', async () => {
    await using store = await open(Date.now);
    await writeText(store.blobs, keyOf('a/b'), 'text', Date.now() + 60_000);
    const [listed] = await Array.fromAsync(store.blobs.list(keyOf('a'), { signal: UNENDING }));
    expect(listed).toEqual(await store.blobs.stat(keyOf('a/b'), { signal: UNENDING }));
    expect(listed).toMatchObject({ key: { tenantId: 'acme', path: 'a/b' }, bytes: 4 });
  });

  test('a list can be left early', async () => {
    await using store = await open(Date.now);
    await writeAll(store.blobs, ['a', 'b', 'c']);
    const seen: string[] = [];
    for await (const { key } of store.blobs.list(keyOf(''), { signal: UNENDING })) {
      seen.push(key.path);
      if (seen.length === 2) break;
    }
    expect(seen).toEqual(['a', 'b']);
  });

  test('deleting takes one blob, and one that is gone already is no failure', async () => {
    await using store = await open(Date.now);
    await writeAll(store.blobs, ['a', 'a/b', 'a/b/c']);
    await store.blobs.delete(keyOf('a/b'), { signal: UNENDING });
    await store.blobs.delete(keyOf('a/b'), { signal: UNENDING });
    await store.blobs.delete(keyOf('never/was'), { signal: UNENDING });
    expect(await pathsOf(store.blobs, keyOf(''))).toEqual(['a', 'a/b/c']);
    expect(await store.blobs.read(keyOf('a/b'), { signal: UNENDING })).toBeUndefined();
  });

  test('deleting a prefix takes what stands at it and below it, and not a name that only begins alike', async () => {
    await using store = await open(Date.now);
    await writeAll(store.blobs, ['a/b', 'a/b/c', 'a/b/d/e', 'a/bc', 'a/b-c', 'a/b.c', 'b']);
    expect(await store.blobs.deletePrefix(keyOf('a/b'), { signal: UNENDING })).toBe(3);
    expect(await pathsOf(store.blobs, keyOf(''))).toEqual(['a/b-c', 'a/b.c', 'a/bc', 'b']);
    expect(await store.blobs.deletePrefix(keyOf('a/b'), { signal: UNENDING })).toBe(0);
  });

  test('what was deleted can be written again', async () => {
    await using store = await open(Date.now);
    await writeText(store.blobs, keyOf('a/b/c'), 'first');
    await store.blobs.deletePrefix(keyOf('a'), { signal: UNENDING });
    await writeText(store.blobs, keyOf('a/b/c'), 'second');
    const read = await store.blobs.read(keyOf('a/b/c'), { signal: UNENDING });
    expect(await textOf(read?.body)).toBe('second');
  });

  test('writers are not disturbed by those who delete beside them', async () => {
    await using store = await open(Date.now);
    const remove = async (): Promise<void> => {
      for (let count = 0; count < 40; count += 1)
        await store.blobs.delete(keyOf('a/b/gone'), { signal: UNENDING });
    };
    const write = async (): Promise<void> => {
      for (let count = 0; count < 20; count += 1) {
        await writeText(store.blobs, keyOf('a/b/gone'), 'x');
        await writeText(store.blobs, keyOf(`a/b/c${count % 2}/kept`), `${count}`);
        await store.blobs.delete(keyOf(`a/b/c${(count + 1) % 2}/kept`), { signal: UNENDING });
      }
    };
    await Promise.all([remove(), write()]);
    expect(await store.blobs.stat(keyOf('a/b/c1/kept'), { signal: UNENDING })).toMatchObject({ bytes: 2 });
  });

  test('tenants never see, replace or delete each other, though one is named like the beginning of another', async () => {
    await using store = await open(Date.now);
    const tenants = ['acme', 'acme-2', 'acme.x'];
    for (const tenant of tenants) await writeText(store.blobs, keyOf('files/one', tenant), tenant);
    for (const tenant of tenants) {
      const key = keyOf('files/one', tenant);
      expect(await textOf((await store.blobs.read(key, { signal: UNENDING }))?.body)).toBe(tenant);
      const listed = await Array.fromAsync(store.blobs.list(keyOf('', tenant), { signal: UNENDING }));
      expect(listed.map(({ key: { tenantId, path } }) => [tenantId, path])).toEqual([[tenant, 'files/one']]);
    }
    expect(await store.blobs.deletePrefix(keyOf('', 'acme'), { signal: UNENDING })).toBe(1);
    expect(await store.stored()).toBe(2);
  });

  test.each(['', '../acme', 'a/b', 'Acme', '.'])('the tenant %j is a bug and throws', async (tenant) => {
    await using store = await open(Date.now);
    const key = keyOf('a', tenant);
    await expect(store.blobs.stat(key, { signal: UNENDING })).rejects.toThrow('well-formed tenant');
    await expect(store.blobs.deletePrefix(key, { signal: UNENDING })).rejects.toThrow('well-formed tenant');
    await expect(Array.fromAsync(store.blobs.list(key, { signal: UNENDING }))).rejects.toThrow(
      'well-formed tenant',
    );
  });
}
