import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readlink, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BlobStoreUnavailable } from '../blob-store-unavailable.ts';
import { openTestBlobStore } from '../testing/open-test-blob-store.ts';
import { keyOf, piecesOf, UNENDING, writeText } from '../testing/store-under-test.ts';
import { deleteIfExpired } from './delete-if-expired.ts';
import { createDiskBlobStore } from './disk-blob-store.ts';
import { layOut } from './layout.ts';
import { createSweepFolder } from './sweep-folder.ts';

const key = keyOf('files/one');
const file = 'blobs/acme/files/one~';

test('only the owner of the process can read what is stored', async () => {
  await using store = await openTestBlobStore();
  await writeText(store.blobs, key, 'text');
  const modes = await Promise.all(
    ['blobs', 'blobs/acme', 'blobs/acme/files', 'writing', file].map((path) =>
      stat(join(store.folder, path)),
    ),
  );
  expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['700', '700', '700', '700', '600']);
});

test('a process killed in the middle of a write shows nothing, and a day later the rest is swept', async () => {
  await using store = await openTestBlobStore();
  const script = `
    import { createDiskBlobStore } from ${JSON.stringify(new URL('./disk-blob-store.ts', import.meta.url).href)};
    const store = createDiskBlobStore({ folder: ${JSON.stringify(store.folder)} });
    async function* source() {
      for (let count = 0; count < 40; count += 1) yield Buffer.alloc(100_000);
      console.log('halfway');
      await new Promise(() => setInterval(() => undefined, 1_000));
    }
    await store.write({ tenantId: 'acme', path: 'files/one' }, source(), { signal: new AbortController().signal });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await exited;
  expect(await readdir(join(store.folder, 'writing'))).toHaveLength(1);
  expect(await store.blobs.stat(key, { signal: UNENDING })).toBeUndefined();
  expect(await store.blobs.sweep(Date.now(), { signal: UNENDING })).toBe(0);
  expect(await store.blobs.sweep(Date.now() + 25 * 3_600_000, { signal: UNENDING })).toBe(1);
  expect(await readdir(join(store.folder, 'writing'))).toEqual([]);
});

test('a folder that cannot be used is unavailable, with the cause and without the path', async () => {
  await using store = await openTestBlobStore();
  const blocked = join(store.folder, 'a-file');
  await writeFile(blocked, '');
  const blobs = createDiskBlobStore({ folder: join(blocked, 'below') });
  const refused = await blobs.write(key, [], { signal: UNENDING }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(BlobStoreUnavailable);
  expect(refused).toMatchObject({
    message: 'the blob store cannot be used now: ENOTDIR',
    cause: { code: 'ENOTDIR' },
  });
  expect(await blobs.stat(key, { signal: UNENDING })).toBeUndefined();
});

test('a file that lost its end is damaged: it is refused and not shown in part', async () => {
  await using store = await openTestBlobStore();
  await writeText(store.blobs, key, 'x'.repeat(1_000));
  await truncate(join(store.folder, file), 900);
  await expect(store.blobs.read(key, { signal: UNENDING })).rejects.toThrow('acme/files/one is damaged');
});

test('what others put into the folder is neither listed nor deleted', async () => {
  await using store = await openTestBlobStore();
  await writeText(store.blobs, key, 'text');
  const foreign = join(store.folder, 'blobs/acme/files/.DS_Store');
  await writeFile(foreign, 'foreign');
  expect(await Array.fromAsync(store.blobs.list(keyOf(''), { signal: UNENDING }))).toHaveLength(1);
  expect(await store.blobs.deletePrefix(keyOf(''), { signal: UNENDING })).toBe(1);
  expect((await stat(foreign)).size).toBe(7);
});

test('the folders of the last blob go with it', async () => {
  await using store = await openTestBlobStore();
  await writeText(store.blobs, keyOf('a/b/c/d'), 'text');
  await writeText(store.blobs, keyOf('a/e'), 'text');
  await store.blobs.delete(keyOf('a/b/c/d'), { signal: UNENDING });
  expect(await readdir(join(store.folder, 'blobs/acme/a'))).toEqual(['e~']);
  await store.blobs.delete(keyOf('a/e'), { signal: UNENDING });
  expect(await readdir(join(store.folder, 'blobs'))).toEqual([]);
});

test('a sweep looks at a bounded number of blobs and the next goes on behind them', async () => {
  await using store = await openTestBlobStore();
  const paths = ['a', 'a-b', 'a/b', 'b/1/x', 'b/2', 'c'];
  for (const path of paths) await writeText(store.blobs, keyOf(path), path, 1_000);
  await writeText(store.blobs, keyOf('a', 'beta'), 'staying');
  const sweep = createSweepFolder(layOut(store.folder), 3);
  const swept = [];
  for (let turn = 0; turn < 4; turn += 1) swept.push(await sweep(1_000, UNENDING));
  expect(swept).toEqual([3, 3, 0, 0]);
  expect(await store.blobs.stat(keyOf('a', 'beta'), { signal: UNENDING })).toBeDefined();
});

test('a fresh blob that took the place of an expired one under the sweep stays', async () => {
  await using store = await openTestBlobStore();
  const layout = layOut(store.folder);
  await writeText(store.blobs, key, 'fresh', Date.now() + 60_000);
  expect(await deleteIfExpired(layout, key, Date.now())).toBe(false);
  expect(await store.blobs.stat(key, { signal: UNENDING })).toMatchObject({ bytes: 5 });
  expect(await readdir(layout.writing)).toEqual([]);
  expect(await deleteIfExpired(layout, keyOf('never/was'), Date.now())).toBe(false);
});

test.skipIf(process.platform !== 'linux')('no file stays open, however a call ends', async () => {
  await using store = await openTestBlobStore();
  const controller = new AbortController();
  await store.blobs.write(key, [Buffer.alloc(3_000_000)], { signal: UNENDING });
  await store.blobs.stat(key, { signal: UNENDING });
  const read = () => store.blobs.read(key, { signal: controller.signal });
  const [aborted, left, disposed, whole] = [await read(), await read(), await read(), await read()];
  for await (const chunk of left?.body ?? []) if (chunk.byteLength > 0) break;
  await piecesOf(whole?.body);
  await disposed?.body[Symbol.asyncDispose]();
  expect(await openFilesIn(store.folder)).toHaveLength(1);
  controller.abort();
  await store.blobs.write(key, [Buffer.alloc(2)], { signal: UNENDING, mostBytes: 1 });
  await expect.poll(() => openFilesIn(store.folder)).toEqual([]);
  await expect(piecesOf(aborted?.body)).rejects.toThrow('aborted');
});

async function openFilesIn(folder: string): Promise<string[]> {
  const descriptors = await readdir('/proc/self/fd');
  const files = await Promise.all(descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return files.filter((path) => path.startsWith(folder));
}
