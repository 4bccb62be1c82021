import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listBlobs } from './list-blobs.ts';

test('every file below the folder is listed, however deep, and a folder that nobody made holds none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-blobs-'));
  try {
    expect(await listBlobs(join(folder, 'none'))).toEqual([]);
    await mkdir(join(folder, 'blobs/a/files'), { recursive: true });
    await writeFile(join(folder, 'blobs/a/files/file-1~'), '');
    await writeFile(join(folder, 'writing'), '');
    const files = await listBlobs(folder);
    expect(files.map(({ path }) => path)).toEqual(['blobs/a/files/file-1~', 'writing']);
    expect(files.every(({ modifiedAtMs }) => Math.abs(Date.now() - modifiedAtMs) < 60_000)).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});
