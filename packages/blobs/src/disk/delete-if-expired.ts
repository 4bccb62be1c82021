import { randomUUID } from 'node:crypto';
import { link, mkdir, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobKey } from '../blob-store.ts';
import { hasExpired } from '../expiry.ts';
import type { Layout } from './layout.ts';
import { MISSING, onDisk, unlessRefused, wasDone } from './on-disk.ts';
import { readInfo } from './open-file.ts';

/**
 * Deletes a blob found expired, but never the one that a writer put in its place a moment ago: the file is moved aside
 * and looked at once more there, where nobody can replace it. A fresh one goes back, unless a still fresher one stands
 * there. Says whether it deleted.
 */
export async function deleteIfExpired(layout: Layout, key: BlobKey, nowMs: number): Promise<boolean> {
  const file = layout.blob(key);
  const aside = join(layout.writing, randomUUID());
  await onDisk(mkdir(layout.writing, { recursive: true, mode: 0o700 }));
  if (!(await wasDone(MISSING, rename(file, aside)))) return false;
  const info = await readInfo(aside, key);
  // another sweep took it for a leftover: it was old enough
  if (!info) return false;
  const expired = hasExpired(info, nowMs);
  if (!expired) {
    await onDisk(mkdir(dirname(file), { recursive: true, mode: 0o700 }));
    await unlessRefused(['EEXIST'], link(aside, file));
  }
  await unlessRefused(MISSING, unlink(aside));
  return expired;
}
