import { rmdir, unlink } from 'node:fs/promises';
import { foldersAbove } from './layout.ts';
import { MISSING, wasDone } from './on-disk.ts';

/** Deletes a blob's file and the folders above it that are left empty; false when there was none. */
export async function deleteFile(file: string, top: string): Promise<boolean> {
  const deleted = await wasDone(MISSING, unlink(file));
  if (deleted) await pruneFolders(file, top);
  return deleted;
}

/** Removes the empty folders above a file up to `top`; a folder that holds anything stays, by the system's own rule. */
export async function pruneFolders(file: string, top: string): Promise<void> {
  for (const folder of foldersAbove(file, top)) {
    if (!(await wasDone([...MISSING, 'ENOTEMPTY', 'EEXIST'], rmdir(folder)))) return;
  }
}
