import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problem, serve } from '@spillway/client/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runInTest } from '../testing/run-in-test.ts';
import { checkEngines } from './check-engines.ts';
import { checkGpu } from './check-gpu.ts';
import { checkNode } from './check-node.ts';
import { checkPlatform } from './check-platform.ts';
import { checkRedis } from './check-redis.ts';
import { diskFinding } from './check-disk.ts';
import type { DoctorReport } from './run-doctor.ts';

const { signal } = new AbortController();
let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'spillway-doctor-'));
});
afterEach(() => rm(cwd, { recursive: true }));

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(cwd, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(cwd, name), 0o755);
}

test('the report is one JSON document that names keys and never shows them', async () => {
  await program('redis-server', 'echo Redis server v=7.4.1');
  const env = { PATH: cwd, OPENAI_API_KEY: 'sk-very-secret' };
  const run = await runInTest(['doctor', '--json'], { cwd, env });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expect(run.stdout).not.toContain('very-secret');
  const report = JSON.parse(run.stdout) as DoctorReport;
  expect(report.can_run).toBe(true);
  expect(report.findings.map(({ name }) => name)).toEqual([
    'node',
    'redis',
    'config',
    'disk',
    'platform',
    'engines',
    'cloud keys',
    'gpu',
  ]);
  expect(report.findings.find(({ name }) => name === 'cloud keys')?.detail).toBe('OPENAI_API_KEY');
});

test('what keeps the platform from running ends with 1 and says what to do', async () => {
  await writeFile(join(cwd, 'spillway.yaml'), 'backends: { gpu-0: { kind: toaster } }\n');
  const run = await runInTest(['doctor'], {
    cwd,
    env: { PATH: cwd, REDIS_URL: 'redis://:hunter2@127.0.0.1:1' },
  });
  expect(run.exitCode).toBe(1);
  expect(run.stdout).toContain('REDIS_URL, 127.0.0.1:1: no answer');
  expect(run.stdout).toContain('backends.gpu-0');
  expect(run.stdout).toContain('cannot run here until');
  expect(run.stdout).not.toContain('hunter2');
});

describe('redis', () => {
  test.each([
    ['a Redis', '+PONG\r\n', 'ok'],
    ['a Redis that asks for a password', '-NOAUTH Authentication required.\r\n', 'ok'],
    ['another server', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'missing'],
  ])('%s behind REDIS_URL', async (_what, answer, status) => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.end(answer));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const env = { REDIS_URL: `redis://127.0.0.1:${port}` };
    expect((await checkRedis({ env, repoRoot: cwd, signal })).status).toBe(status);
    server.close();
    await once(server, 'close');
  });

  test('without one, apt-get is the fallback; without that it is missing', async () => {
    const check = () => checkRedis({ env: { PATH: cwd }, repoRoot: cwd, signal });
    expect(await check()).toMatchObject({ status: 'missing' });
    await program('apt-get', 'exit 0');
    expect(await check()).toMatchObject({ status: 'fallback' });
    await program('redis-server', 'echo Redis server v=6.2.0');
    expect(await check()).toMatchObject({ status: 'fallback' });
    await program('valkey-server', 'echo Valkey server v=8.0.1');
    expect(await check()).toMatchObject({ status: 'ok', detail: join(cwd, 'valkey-server') });
  });
});

test('engines are named with where they listen; without one the simulated engine stands in', () => {
  const engine = { kind: 'vllm', url: 'http://127.0.0.1:8000', models: ['small-8b'] } as const;
  expect(checkEngines([engine])).toMatchObject({
    status: 'ok',
    detail: 'vllm on http://127.0.0.1:8000 (small-8b)',
  });
  expect(checkEngines([])).toMatchObject({ status: 'fallback' });
});

test('the GPU is what nvidia-smi tells; its failure is a fallback', async () => {
  expect(await checkGpu(cwd, signal)).toMatchObject({ status: 'fallback' });
  await program('nvidia-smi', 'echo "Some GPU, 24564 MiB, 570.10"');
  expect(await checkGpu(cwd, signal)).toMatchObject({ status: 'ok', detail: 'Some GPU, 24564 MiB, 570.10' });
  await program('nvidia-smi', 'exit 9');
  expect(await checkGpu(cwd, signal)).toMatchObject({ status: 'fallback', detail: 'nvidia-smi failed' });
});

test('a platform is ready only with a key it knows', async () => {
  await using platform = await serve(({ path }) =>
    path === '/health/ready'
      ? { body: { status: 'ready' } }
      : problem('invalid-api-key', 'the key is not known'),
  );
  const credentials = () => ({ url: platform.url, apiKey: 'k', source: 'test' });
  expect(await checkPlatform(credentials, signal)).toMatchObject({
    status: 'info',
    detail: 'the key is not known',
    fix: 'check --url and --api-key',
  });
});

test('an old Node and a full disk are told apart from good ones', () => {
  expect(checkNode('22.1.0').status).toBe('missing');
  expect(checkNode('24.0.0').status).toBe('ok');
  expect([6e9, 1e9, 1e8].map((free) => diskFinding(free).status)).toEqual(['ok', 'info', 'missing']);
});
