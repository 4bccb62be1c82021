import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../usage-error.ts';

/**
 * The files below a folder as sorted paths with "/" between their parts. Names that begin with a dot are left out, and
 * so are `excluded` (absolute) and linked folders, which could lead in circles.
 */
export async function walkFolder(folder: string, excluded: ReadonlySet<string>): Promise<string[]> {
  const root = await realRoot(folder);
  const found: string[] = [];
  const waiting = [''];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const entries = await readdir(join(root, at), { withFileTypes: true });
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (excluded.has(join(root, path))) continue;
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile() || (entry.isSymbolicLink() && (await isLinkToFile(join(root, path)))))
        found.push(path);
    }
  }
  return found.toSorted((a, b) => (a < b ? -1 : 1));
}

async function realRoot(folder: string): Promise<string> {
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined || !(await stat(root)).isDirectory())
    throw new UsageError(`${folder} is not a folder`);
  return root;
}

/** A link to nowhere is a file that cannot be read: it is found, and reported. */
const isLinkToFile = async (path: string): Promise<boolean> =>
  stat(path).then(
    (target) => target.isFile(),
    () => true,
  );
