import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findRedis } from './find-redis.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spillway-find-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const program = (path: string, script: string): string => {
  const file = join(root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
};
const find = (env: Record<string, string>) => findRedis({ repoRoot: root, env });

test('REDIS_URL wins over everything', async () => {
  program('bin/redis-server', 'echo "Redis server v=7.0.15"');
  expect(await find({ REDIS_URL: 'redis://127.0.0.1:1', PATH: join(root, 'bin') })).toEqual({
    kind: 'url',
    url: 'redis://127.0.0.1:1',
  });
});

test('a server on PATH is taken unless it is older than 7 or does not run', async () => {
  program('old/redis-server', 'echo "Redis server v=6.0.16 sha=0"');
  program('broken/redis-server', 'exit 127');
  const valkey = program('new/valkey-server', 'echo "Valkey server v=8.0.1 sha=0"');
  const PATH = ['old', 'broken', 'new'].map((name) => join(root, name)).join(delimiter);
  expect(await find({ PATH })).toEqual({ kind: 'binary', binary: valkey });
});

test('otherwise one is unpacked', async () => {
  program('infra/redis/get-redis.sh', `echo ${join(root, 'unpacked')}`);
  expect(await find({ PATH: '' })).toEqual({ kind: 'binary', binary: join(root, 'unpacked/redis-server') });
});

test('when that fails, too, the error names the one command that helps', async () => {
  program('infra/redis/get-redis.sh', 'exit 1');
  await expect(find({ PATH: '' })).rejects.toThrow(/\n {2}sudo apt-get install -y redis-server$/);
});
