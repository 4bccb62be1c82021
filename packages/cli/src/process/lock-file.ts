import { open, readFile, rm } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';

/** Keeps a second run away from the same output file; one left by a killed run is taken over. */
export async function takeLock(path: string, pid: number): Promise<AsyncDisposable> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(pid));
      await file.close();
      return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = Number(await readFile(path, 'utf8').catch(() => ''));
      if (holder > 0 && holder !== pid && isAlive(holder)) {
        throw new UsageError(
          `process ${holder} is writing the same output file (${path}); wait for it or stop it`,
        );
      }
      await rm(path, { force: true });
    }
  }
  throw new UsageError(`${path} comes back as soon as it is removed: is another run starting?`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
