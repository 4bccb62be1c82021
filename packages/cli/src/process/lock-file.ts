import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';

const MOST_TRIES = 3;

/** Keeps a second run away from the same output file; one left by a killed run is taken over. */
export async function takeLock(path: string, pid: number): Promise<AsyncDisposable> {
  const me = [pid, (await lifeOf(pid))?.startedAt].join(' ');
  // written aside and linked, so that a lock says whose it is from the moment it is there
  const mine = `${path}.${pid}`;
  await writeFile(mine, me);
  try {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      if (await isLinked(mine, path)) return { [Symbol.asyncDispose]: () => removeOnly(path, me) };
      const held = await textOf(path);
      if (held === undefined) continue;
      const [holder, startedAt = ''] = held.split(' ');
      if (Number(holder) !== pid && (await isAlive(Number(holder), startedAt))) {
        throw new UsageError(
          `process ${holder} is writing the same output file (${path}); wait for it or stop it`,
        );
      }
      await removeStale(path, held, mine);
    }
  } finally {
    await rm(mine, { force: true });
  }
  throw new UsageError(`${path} comes back as soon as it is removed: is another run starting?`);
}

/** False when there is such a file already. */
async function isLinked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** One run at a time: two that find the same dead holder must not remove each other's new lock. */
async function removeStale(path: string, stale: string, mine: string): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await isLinked(mine, guard))) {
    throw new UsageError(`another run is just taking over ${path}; if there is none, remove ${guard}`);
  }
  try {
    await removeOnly(path, stale);
  } finally {
    await rm(guard, { force: true });
  }
}

/** Removes a lock that still says what it said; another one may have come in its place. */
async function removeOnly(path: string, text: string): Promise<void> {
  if ((await textOf(path)) === text) await rm(path, { force: true });
}

/** `undefined` when it is gone. */
const textOf = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });

/** Not one that is only waited for by its parent, nor a later one that was given the same number. */
async function isAlive(pid: number, startedAt: string): Promise<boolean> {
  if (!(pid > 0) || !answersSignals(pid)) return false;
  const life = await lifeOf(pid);
  if (life === undefined) return true;
  return !life.isZombie && (startedAt === '' || startedAt === life.startedAt);
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

interface Life {
  readonly isZombie: boolean;
  /** In clock ticks since the system started. */
  readonly startedAt: string;
}

/** Fields 3 and 22 of /proc/PID/stat, where there is one (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html). */
async function lifeOf(pid: number): Promise<Life | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // the second field is the name of the program, which may hold anything, in parentheses
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const startedAt = fields[19];
  return startedAt === undefined ? undefined : { isZombie: fields[0] === 'Z', startedAt };
}
