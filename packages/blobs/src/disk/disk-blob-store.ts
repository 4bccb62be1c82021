import { join } from 'node:path';
import type { BlobPrefix, BlobStore } from '../blob-store.ts';
import { createBlockPool } from '../block-pool.ts';
import { checkKey, checkPrefix } from '../check-key.ts';
import { clipRange } from '../clip-range.ts';
import { hasExpired } from '../expiry.ts';
import { deleteFile } from './delete-files.ts';
import { layOut } from './layout.ts';
import { fileBody, openFile, readInfo } from './open-file.ts';
import { createSweepFolder } from './sweep-folder.ts';
import { walkBlobs } from './walk-blobs.ts';
import { writeFile } from './write-file.ts';

export interface DiskSettings {
  /** On a local file system (or one whose rename is atomic) that tells upper from lower case; made when missing. */
  readonly folder: string;
  readonly nowMs?: () => number;
}

/** Blobs as files below a folder, shared by every process of the machine that opens it. */
export function createDiskBlobStore({ folder, nowMs = Date.now }: DiskSettings): BlobStore {
  const layout = layOut(folder);
  const pool = createBlockPool(BLOCK_BYTES, 4);
  const sweepFolder = createSweepFolder(layout);

  /** The paths at or below a prefix, whatever their expiry. */
  async function* pathsOf({ tenantId, path }: BlobPrefix, signal: AbortSignal): AsyncGenerator<string> {
    signal.throwIfAborted();
    const tenant = layout.tenant(tenantId);
    if (path === '') return yield* walkBlobs(tenant, { signal });
    yield path;
    for await (const below of walkBlobs(join(tenant, path), { signal })) yield `${path}/${below}`;
  }

  return {
    write: async (key, source, options) => {
      checkKey(key);
      return writeFile({ layout, pool, nowMs }, key, source, options);
    },
    read: async (key, { signal, range }) => {
      checkKey(key);
      signal.throwIfAborted();
      const opened = await openFile(layout.blob(key), key);
      if (!opened) return undefined;
      const { info, handle } = opened;
      if (hasExpired(info, nowMs())) {
        await handle.close();
        return undefined;
      }
      const { start, end } = clipRange(range, info.bytes);
      return { info, body: fileBody(handle, start, end, signal) };
    },
    stat: async (key, { signal }) => {
      checkKey(key);
      signal.throwIfAborted();
      const info = await readInfo(layout.blob(key), key);
      return info && !hasExpired(info, nowMs()) ? info : undefined;
    },
    delete: async (key, { signal }) => {
      checkKey(key);
      signal.throwIfAborted();
      await deleteFile(layout.blob(key), layout.blobs);
    },
    deletePrefix: async (prefix, { signal }) => {
      checkPrefix(prefix);
      let deleted = 0;
      for await (const path of pathsOf(prefix, signal)) {
        if (await deleteFile(layout.blob({ tenantId: prefix.tenantId, path }), layout.blobs)) deleted += 1;
      }
      return deleted;
    },
    list: async function* (prefix, { signal }) {
      checkPrefix(prefix);
      for await (const path of pathsOf(prefix, signal)) {
        const key = { tenantId: prefix.tenantId, path };
        const info = await readInfo(layout.blob(key), key);
        if (info && !hasExpired(info, nowMs())) yield info;
      }
    },
    sweep: (atMs, { signal }) => sweepFolder(atMs, signal),
  };
}

const BLOCK_BYTES = 1024 * 1024;
