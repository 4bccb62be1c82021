import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@spillway/client';
import { findPort } from '@spillway/local-platform';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const STOPPED_WITHIN_SECONDS = 15;

interface Started {
  readonly pid: number;
  readonly exited: Promise<unknown>;
  output(): string;
}

/** `npm start` as a person types it, in a process group of its own as a terminal gives it. */
function npmStart(dataDir: string, port: number): Started {
  const child = spawn('npm', ['start'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SPILLWAY_DATA: dataDir, PORT: String(port), REDIS_URL: '' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
  return { pid: child.pid ?? 0, exited: once(child, 'exit'), output: () => output };
}

/** Processes of ours whose environment names this data folder. */
async function leftRunning(dataDir: string): Promise<readonly string[]> {
  const { readdir } = await import('node:fs/promises');
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [environment, command] = await Promise.all(
        ['environ', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
      );
      return environment?.includes(`SPILLWAY_DATA=${dataDir}`) ? [command?.replaceAll('\0', ' ') ?? pid] : [];
    }),
  );
  return found.flat();
}

test('npm start stays, and SIGTERM drains and stops everything without losing an accepted job', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'spillway-start-'));
  const port = await findPort();
  const url = `http://127.0.0.1:${port}`;
  const first = npmStart(dataDir, port);
  await expect.poll(() => first.output(), { timeout: 60_000, interval: 100 }).toContain('Ctrl-C stops');
  expect(first.output()).toContain(url);
  expect(first.output(), 'the simulated engine says so').toContain('SIMULATED');

  const credentials: unknown = JSON.parse(await readFile(join(dataDir, 'credentials.json'), 'utf8'));
  const apiKey = (credentials as { readonly api_key: string }).api_key;
  expect(first.output(), 'the development key is printed on the first start').toContain(apiKey);
  const client = createClient({ url, apiKey });
  const jobs = await Promise.all(
    Array.from({ length: 120 }, (_, index) =>
      client.submit({
        class: 'batch',
        request: { model: 'auto', max_tokens: 400, messages: [{ role: 'user', content: `letter ${index}` }] },
      }),
    ),
  );

  const stoppedAt = performance.now();
  process.kill(first.pid, 'SIGTERM');
  await first.exited;
  expect((performance.now() - stoppedAt) / 1000).toBeLessThan(STOPPED_WITHIN_SECONDS);
  await expect.poll(() => leftRunning(dataDir), { timeout: 5000 }).toEqual([]);

  const second = npmStart(dataDir, port);
  await expect.poll(() => second.output(), { timeout: 60_000, interval: 100 }).toContain('Ctrl-C stops');
  for (const job of jobs) {
    expect(await client.waitUntilFinished(job.id, { timeoutMs: 60_000 })).toMatchObject({
      status: 'completed',
    });
  }
  // As a terminal does it: the whole group hears Ctrl-C.
  process.kill(-second.pid, 'SIGINT');
  await second.exited;
  await expect.poll(() => leftRunning(dataDir), { timeout: 5000 }).toEqual([]);
  await rm(dataDir, { recursive: true, force: true });
});
