import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { parseName } from '@spillway/core';
import type { BlobKey } from '../blob-store.ts';
import { DEAD_AFTER_MS, hasExpired } from '../expiry.ts';
import { deleteIfExpired } from './delete-if-expired.ts';
import { pruneFolders } from './delete-files.ts';
import type { Layout } from './layout.ts';
import { MISSING, unlessRefused, wasDone } from './on-disk.ts';
import { readInfo } from './open-file.ts';
import { walkBlobs } from './walk-blobs.ts';

/** Sweeps a folder in turns: each looks at `mostSeen` blobs at most and the next goes on behind them. */
export function createSweepFolder(
  layout: Layout,
  mostSeen = 10_000,
): (nowMs: number, signal: AbortSignal) => Promise<number> {
  let after = '';
  return async (nowMs, signal) => {
    let swept = await deleteLeftovers(layout.writing, nowMs, signal);
    let seen = 0;
    for await (const path of walkBlobs(layout.blobs, { after, signal })) {
      after = path;
      const key = keyOf(path);
      const file = join(layout.blobs, path);
      if (key && (await isExpired(layout.blob(key), key, nowMs))) {
        if (await deleteIfExpired(layout, key, nowMs)) swept += 1;
        await pruneFolders(file, layout.blobs);
      }
      seen += 1;
      if (seen === mostSeen) return swept;
    }
    after = '';
    return swept;
  };
}

async function deleteLeftovers(folder: string, nowMs: number, signal: AbortSignal): Promise<number> {
  let deleted = 0;
  for (const name of (await unlessRefused(MISSING, readdir(folder))) ?? []) {
    signal.throwIfAborted();
    const file = join(folder, name);
    const found = await unlessRefused(MISSING, stat(file));
    if (!found || found.mtimeMs > nowMs - DEAD_AFTER_MS) continue;
    if (await wasDone(MISSING, unlink(file))) deleted += 1;
  }
  return deleted;
}

async function isExpired(file: string, key: BlobKey, nowMs: number): Promise<boolean> {
  const info = await readInfo(file, key);
  return info !== undefined && hasExpired(info, nowMs);
}

function keyOf(path: string): BlobKey | undefined {
  const [tenant = ''] = path.split('/', 1);
  const tenantId = parseName('TenantId', tenant);
  return tenantId.ok ? { tenantId: tenantId.value, path: path.slice(tenant.length + 1) } : undefined;
}
