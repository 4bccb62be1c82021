import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../usage-error.ts';
import { isReadable } from './readable-file.ts';
import { walkFolder } from './walk-folder.ts';

export interface FoundDocuments {
  /** Absolute; what the paths are relative to. */
  readonly root: string;
  /** Sorted, each once, with "/" between their parts. */
  readonly paths: readonly string[];
  /** Files of folders that hold nothing the platform reads. */
  readonly skipped: readonly string[];
}

interface Input {
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * The documents that inputs name: every file given, and of folders those the platform reads. A single folder is what
 * the names begin at; else it is the current folder, or, when inputs lie outside it, the deepest one they share.
 */
export async function findDocuments(
  raw: readonly string[],
  cwd: string,
  excluded: ReadonlySet<string>,
): Promise<FoundDocuments> {
  const inputs = await Promise.all(raw.map((path) => resolveInput(resolve(cwd, path))));
  const root = rootOf(inputs, await realpath(cwd).catch(() => cwd));
  const paths = new Set<string>();
  const skipped = new Set<string>();
  for (const { path, isFolder } of inputs) {
    if (!isFolder) {
      // "process *" names the results of the run before
      if (!excluded.has(path)) paths.add(nameBelow(root, path));
      continue;
    }
    for (const inside of await walkFolder(path, excluded)) {
      const file = join(path, inside);
      const kept = (await isReadable(file)) ? paths : skipped;
      kept.add(nameBelow(root, file));
    }
  }
  return {
    root,
    paths: [...paths].toSorted(byCodeUnits),
    skipped: [...skipped].filter((path) => !paths.has(path)).toSorted(byCodeUnits),
  };
}

/** Resolves links on the way to it, and of a folder itself; a linked file keeps the name it was given by. */
async function resolveInput(path: string): Promise<Input> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new UsageError(`${path} is not there`);
  if (found.isDirectory()) return { path: await realpath(path), isFolder: true };
  if (!found.isFile()) throw new UsageError(`${path} is neither a file nor a folder`);
  return { path: join(await realpath(dirname(path)), basename(path)), isFolder: false };
}

function rootOf(inputs: readonly Input[], cwd: string): string {
  const [first, ...others] = inputs;
  if (first === undefined) throw new UsageError('name a folder, or files');
  if (others.length === 0 && first.isFolder) return first.path;
  if (inputs.every(({ path }) => isBelow(cwd, path))) return cwd;
  let shared = first.isFolder ? first.path : dirname(first.path);
  while (!inputs.every(({ path }) => isBelow(shared, path))) shared = dirname(shared);
  return shared;
}

const isBelow = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

const nameBelow = (root: string, path: string): string => relative(root, path).split(sep).join('/');

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : 1);
