import { open, readFile, rm } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';

/** Keeps a second run away from the same output file; one left by a killed run is taken over. */
export async function takeLock(path: string, pid: number): Promise<AsyncDisposable> {
  const me = [pid, (await lifeOf(pid))?.startedAt].join(' ');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(me);
      await file.close();
      return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const [holder, startedAt = ''] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
      if (Number(holder) !== pid && (await isAlive(Number(holder), startedAt))) {
        throw new UsageError(
          `process ${holder} is writing the same output file (${path}); wait for it or stop it`,
        );
      }
      await rm(path, { force: true });
    }
  }
  throw new UsageError(`${path} comes back as soon as it is removed: is another run starting?`);
}

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
