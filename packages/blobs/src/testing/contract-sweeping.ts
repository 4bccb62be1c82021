import { expect, test } from 'vitest';
import { keyOf, textOf, UNENDING, writeText, type OpenStore } from './store-under-test.ts';

const HOUR_MS = 3_600_000;
const key = keyOf('files/one');

export function testSweeping(open: OpenStore): void {
  test('a blob is hidden from the instant of its expiry on, and the next sweep deletes it', async () => {
    let nowMs = Date.now();
    const expiresAtMs = nowMs + HOUR_MS;
    await using store = await open(() => nowMs);
    await writeText(store.blobs, key, 'expiring', expiresAtMs);
    await writeText(store.blobs, keyOf('files/two'), 'staying');
    nowMs = expiresAtMs - 1;
    expect(await store.blobs.stat(key, { signal: UNENDING })).toMatchObject({ expiresAtMs });
    expect(await store.blobs.sweep(nowMs, { signal: UNENDING })).toBe(0);
    nowMs = expiresAtMs;
    expect(await store.blobs.stat(key, { signal: UNENDING })).toBeUndefined();
    expect(await store.blobs.read(key, { signal: UNENDING })).toBeUndefined();
    const listed = await Array.fromAsync(store.blobs.list(keyOf('files'), { signal: UNENDING }));
    expect(listed.map((info) => info.key.path)).toEqual(['files/two']);
    expect(await store.stored()).toBe(2);
    expect(await store.blobs.sweep(nowMs, { signal: UNENDING })).toBe(1);
    expect(await store.stored()).toBe(1);
    expect(await store.blobs.sweep(nowMs, { signal: UNENDING })).toBe(0);
  });

  test('a blob that replaced an expired one is not swept with it', async () => {
    let nowMs = Date.now();
    await using store = await open(() => nowMs);
    await writeText(store.blobs, key, 'older', nowMs + HOUR_MS);
    nowMs += 2 * HOUR_MS;
    await writeText(store.blobs, key, 'newer', nowMs + HOUR_MS);
    expect(await store.blobs.sweep(nowMs, { signal: UNENDING })).toBe(0);
    expect(await textOf((await store.blobs.read(key, { signal: UNENDING }))?.body)).toBe('newer');
    expect(await store.blobs.sweep(nowMs + HOUR_MS, { signal: UNENDING })).toBe(1);
    expect(await store.stored()).toBe(0);
  });

  test('what a dead writer left is swept after a day, and not before', async () => {
    await using store = await open(Date.now);
    await writeText(store.blobs, key, 'staying');
    await store.plantLeftover();
    expect(await store.blobs.sweep(Date.now() + 23 * HOUR_MS, { signal: UNENDING })).toBe(0);
    expect(await store.leftovers()).toBe(1);
    expect(await store.blobs.sweep(Date.now() + 25 * HOUR_MS, { signal: UNENDING })).toBe(1);
    expect(await store.leftovers()).toBe(0);
    expect(await store.stored()).toBe(1);
  });

  test('an aborted signal sweeps nothing', async () => {
    await using store = await open(Date.now);
    await writeText(store.blobs, key, 'expiring', Date.now() - 1);
    const signal = AbortSignal.abort(new Error('stopping'));
    await expect(store.blobs.sweep(Date.now(), { signal })).rejects.toThrow('stopping');
    expect(await store.stored()).toBe(1);
  });

  test('an empty store has nothing to sweep, list or delete', async () => {
    await using store = await open(Date.now);
    expect(await store.blobs.sweep(Date.now(), { signal: UNENDING })).toBe(0);
    expect(await Array.fromAsync(store.blobs.list(keyOf(''), { signal: UNENDING }))).toEqual([]);
    expect(await store.blobs.deletePrefix(keyOf(''), { signal: UNENDING })).toBe(0);
  });
}
