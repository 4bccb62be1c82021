import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BLOB_MARK } from './layout.ts';
import { MISSING, unlessRefused } from './on-disk.ts';

/**
 * The paths of the blobs below a folder, relative to it, ordered by character code as S3 does; only those after
 * `after` when that is given. Holds the names of one folder a level in memory.
 */
export async function* walkBlobs(
  folder: string,
  { after = '', signal }: { readonly after?: string; readonly signal: AbortSignal },
  path = '',
): AsyncGenerator<string, void, undefined> {
  signal.throwIfAborted();
  const entries = await unlessRefused(MISSING, readdir(join(folder, path), { withFileTypes: true }));
  const names = (entries ?? []).flatMap((entry) => {
    if (entry.isDirectory()) return [`${entry.name}/`];
    // anything else is not ours: what an operator or a file system put there
    return entry.isFile() && entry.name.endsWith(BLOB_MARK) ? [entry.name.slice(0, -BLOB_MARK.length)] : [];
  });
  for (const name of names.toSorted(byCharacterCode)) {
    const reached = `${path}${name}`;
    if (!name.endsWith('/')) {
      if (reached > after) yield reached;
    } else if (reached > after || after.startsWith(reached)) {
      yield* walkBlobs(folder, { after, signal }, reached);
    }
  }
}

const byCharacterCode = (one: string, other: string): number => (one < other ? -1 : 1);
