import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobStore } from '../blob-store.ts';
import { createDiskBlobStore } from '../disk/disk-blob-store.ts';

/** A disk store in a folder of its own, for one test; disposing removes the folder. */
export interface TestBlobStore extends AsyncDisposable {
  readonly blobs: BlobStore;
  readonly folder: string;
}

export async function openTestBlobStore(nowMs: () => number = Date.now): Promise<TestBlobStore> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-blobs-'));
  return {
    blobs: createDiskBlobStore({ folder, nowMs }),
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
