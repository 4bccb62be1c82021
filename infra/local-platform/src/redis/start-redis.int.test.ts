import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { exists } from '../testing/fake-platform.ts';
import { askRedis } from './ask-redis.ts';
import { findRedis } from './find-redis.ts';
import { type RedisOptions, type RunningRedis, startRedis } from './start-redis.ts';

const env = { PATH: process.env['PATH'] };
let binary: string;
let dataDir: string;
const running: RunningRedis[] = [];

beforeAll(async () => {
  const repoRoot = fileURLToPath(new URL('../../../..', import.meta.url));
  const source = await findRedis({ repoRoot, env });
  binary = source.kind === 'binary' ? source.binary : '';
}, 200_000);
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'spillway-redis-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((redis) => redis.stop()));
  rmSync(dataDir, { recursive: true, force: true });
});

const start = async (options: Partial<RedisOptions> = {}): Promise<RunningRedis> => {
  const redis = await startRedis({ binary, dataDir, appendonly: 'always', env, ...options });
  running.push(redis);
  return redis;
};
const ask = ({ url }: RunningRedis, command: string): Promise<string | undefined> =>
  askRedis(Number(new URL(url).port), command, 1_000);

test('what was acknowledged is there after SIGKILL and after a stop', async () => {
  const first = await start();
  expect(await ask(first, 'SET accepted yes')).toBe('+OK\r\n');
  await first.kill9();
  expect(exists(first.pid)).toBe(false);

  const second = await start();
  expect(await ask(second, 'GET accepted')).toBe('$3\r\nyes\r\n');
  await second.stop();

  const third = await start();
  expect(await ask(third, 'GET accepted')).toBe('$3\r\nyes\r\n');
});

test('it listens on the loopback address only, syncs every write and never evicts', async () => {
  const redis = await start();
  const setting = async (name: string): Promise<string | undefined> =>
    (await ask(redis, `CONFIG GET ${name}`))?.split('\r\n')[4];
  expect(new URL(redis.url).hostname).toBe('127.0.0.1');
  const expected = {
    bind: '127.0.0.1',
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
  };
  for (const [name, value] of Object.entries(expected))
    expect([name, await setting(name)]).toEqual([name, value]);
  expect(await ask(redis, 'CONFIG GET save')).toBe('*2\r\n$4\r\nsave\r\n$0\r\n\r\n');
});

test('without an append-only file nothing is kept', async () => {
  const first = await start({ appendonly: 'no' });
  await ask(first, 'SET accepted yes');
  await first.stop();
  expect(await ask(await start({ appendonly: 'no' }), 'GET accepted')).toBe('$-1\r\n');
});

test('a folder that a running Redis uses is refused', async () => {
  await start();
  await expect(start()).rejects.toThrow(/another platform .* uses/);
});

test('a port that is taken is refused when it must be that one', async () => {
  const first = await start();
  const other = mkdtempSync(join(tmpdir(), 'spillway-redis-'));
  const port = Number(new URL(first.url).port);
  await expect(start({ dataDir: other, port })).rejects.toThrow('did not start');
  rmSync(other, { recursive: true, force: true });
});

test('an abort while it starts leaves none running', async () => {
  await expect(start({ signal: AbortSignal.abort() })).rejects.toThrow('stopped');
});
