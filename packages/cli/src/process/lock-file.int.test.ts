import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    process.kill(pid, 'SIGKILL');
    const stat = () => readFile(`/proc/${pid}/stat`, 'utf8');
    await expect.poll(stat, { interval: 5 }).toContain(') Z ');
    await takeLock(path, process.pid);
    expect(await readFile(path, 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  } finally {
    parent.kill('SIGKILL');
  }
});
