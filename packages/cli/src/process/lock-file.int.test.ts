import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from './lock-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-lock-'));
  path = join(folder, 'out.lock');
});
afterEach(() => rm(folder, { recursive: true }));

const isLinux = process.platform === 'linux';

test('a living process keeps its lock, and gives it back', async () => {
  const lock = await takeLock(path, process.pid);
  await expect(takeLock(path, process.ppid)).rejects.toThrow(`process ${process.pid} is writing`);
  await lock[Symbol.asyncDispose]();
  await (await takeLock(path, process.ppid))[Symbol.asyncDispose]();
});

test.runIf(isLinux)('a number that a later process was given is no holder', async () => {
  await takeLock(path, process.pid);
  const [pid, startedAt] = (await readFile(path, 'utf8')).split(' ');
  await writeFile(path, `${pid} ${Number(startedAt) - 1}`);
  await takeLock(path, process.ppid);
  expect(await readFile(path, 'utf8')).toMatch(new RegExp(`^${process.ppid} `));
});

test.runIf(isLinux)('a killed process whose parent has not noticed is no holder', async () => {
  // "exec" leaves a parent that knows nothing of the child it inherits
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(String(line));
    await takeLock(path, pid);
    // As long as the shell is one, it may notice.
    const name = () => readFile(`/proc/${parent.pid}/comm`, 'utf8');
    await expect.poll(name, { interval: 5 }).toBe('sleep\n');
    process.kill(pid, 'SIGKILL');
    const stat = () => readFile(`/proc/${pid}/stat`, 'utf8');
    await expect.poll(stat, { interval: 5 }).toContain(') Z ');
    await takeLock(path, process.pid);
    expect(await readFile(path, 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  } finally {
    parent.kill('SIGKILL');
  }
});

test('a lock says whose it is from the moment it is there', async () => {
  const read: string[] = [];
  for (let run = 0; run < 20; run += 1) {
    const taken: AsyncDisposable[] = [];
    const taking = takeLock(path, process.pid).then((lock) => taken.push(lock));
    for (let turn = 0; turn < 10_000 && taken.length === 0; turn += 1) {
      read.push(textNow() ?? 'none');
      await nextTurn();
    }
    await taking;
    await taken[0]?.[Symbol.asyncDispose]();
  }
  expect(read).not.toContain('');
  expect(await readdir(folder)).toEqual([]);
});

function textNow(): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

test('of runs that find the same dead holder at once, one takes over', async () => {
  const pids = [process.pid, process.ppid, 1];
  for (let round = 0; round < 20; round += 1) {
    await writeFile(path, DEAD);
    const runs = await Promise.allSettled(pids.map((pid) => takeLock(path, pid)));
    expect(runs.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['out.lock']);
  }
});

/** No system gives so high a number. */
const DEAD = '999999999 1';

test('a dead lock is left to the run that is taking it over', async () => {
  await writeFile(path, DEAD);
  await writeFile(`${path}.takeover`, `${process.ppid}`);
  await expect(takeLock(path, process.pid)).rejects.toThrow(`remove ${path}.takeover`);
  expect(await readFile(path, 'utf8')).toBe(DEAD);
  expect((await readdir(folder)).toSorted()).toEqual(['out.lock', 'out.lock.takeover']);
});

test('a lock that went to another run is not given back', async () => {
  const lock = await takeLock(path, process.pid);
  await writeFile(path, `${process.ppid} 1`);
  await lock[Symbol.asyncDispose]();
  expect(await readFile(path, 'utf8')).toBe(`${process.ppid} 1`);
});
