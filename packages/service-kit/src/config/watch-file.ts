import { basename, dirname, resolve } from 'node:path';
import { watch } from 'chokidar';

/** Saves come in bursts: truncate, write, rename. */
const SETTLE_MS = 100;

export interface FileWatch {
  close(): Promise<void>;
}

/**
 * Calls back once a burst of changes to a file has settled, 100 ms after the last one. The folder is watched, not the
 * file, so that editors which save by rename are seen, and Kubernetes, which swaps the link `..data` beside it.
 */
export async function watchFile(
  path: string,
  onSettled: () => void,
  onError: (error: unknown) => void,
): Promise<FileWatch> {
  const file = resolve(path);
  const folder = dirname(file);
  const watched = new Set([folder, file, resolve(folder, '..data')]);
  let settle: NodeJS.Timeout | undefined;
  const watcher = watch(folder, {
    depth: 0,
    ignoreInitial: true,
    ignored: (candidate) =>
      !watched.has(resolve(folder, basename(candidate))) && resolve(candidate) !== folder,
  });
  watcher.on('all', () => {
    clearTimeout(settle);
    settle = setTimeout(onSettled, SETTLE_MS);
  });
  watcher.on('error', onError);
  await new Promise<void>((ready) => {
    watcher.once('ready', () => ready());
  });
  return {
    close: async () => {
      clearTimeout(settle);
      await watcher.close();
    },
  };
}
