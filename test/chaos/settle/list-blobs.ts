import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { BlobFile } from '../history/facts.ts';

/** Every file below the folder of blobs, in the order of their paths; none before anything was written. */
export async function listBlobs(folder: string): Promise<readonly BlobFile[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
  return Promise.all(
    files.map(async (file) => ({ path: relative(folder, file), modifiedAtMs: (await stat(file)).mtimeMs })),
  );
}
