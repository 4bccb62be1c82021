import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wait } from '@spillway/service-kit';
import { z } from 'zod';
import { askRedis } from './ask-redis.ts';

const recordSchema = z.object({ pid: z.int(), port: z.int(), ownerPid: z.int() });
type RunningRecord = z.infer<typeof recordSchema>;

const RELEASE_LIMIT_MS = 15_000;

/**
 * Makes sure that no other Redis writes into the folder: two would ruin its append-only file. One whose owner is gone
 * is about to end and is waited for, up to 15 seconds; one whose owner lives is refused.
 */
export async function awaitFreeFolder(folder: string, signal: AbortSignal): Promise<void> {
  const record = readRecord(folder);
  if (!record) return;
  const deadlineMs = performance.now() + RELEASE_LIMIT_MS;
  while (await stillRuns(record)) {
    if (isAlive(record.ownerPid)) {
      throw new Error(
        `another platform (process ${record.ownerPid}) uses ${folder}; stop it, or choose another data folder`,
      );
    }
    if (performance.now() > deadlineMs)
      throw new Error(`a Redis (process ${record.pid}) still uses ${folder}; stop it`);
    if ((await wait(100, signal)) === 'aborted') throw new Error('stopped while waiting for the data folder');
  }
}

/** Notes which Redis uses the folder now. */
export function claimFolder(folder: string, pid: number, port: number): void {
  const record: RunningRecord = { pid, port, ownerPid: process.pid };
  writeFileSync(recordPath(folder), JSON.stringify(record));
}

export function releaseFolder(folder: string): void {
  rmSync(recordPath(folder), { force: true });
}

const recordPath = (folder: string): string => join(folder, 'running.json');

function readRecord(folder: string): RunningRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(readFileSync(recordPath(folder), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Process ids are reused, so the server itself is asked for its own. */
async function stillRuns({ pid, port }: RunningRecord): Promise<boolean> {
  const answer = await askRedis(port, 'INFO server', 1_000);
  return answer !== undefined && new RegExp(`process_id:${pid}\\r`).test(answer);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
