import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { askRedis } from '../redis/ask-redis.ts';
import { exists, fakeEvents, fakeOptions, removePrograms } from '../testing/fake-platform.ts';
import type { PlatformOptions } from './options.ts';
import type { RunningPlatform } from './running-platform.ts';
import { startPlatform } from './start-platform.ts';

const PATH = inheritedPath();
let folder: string;
const running: RunningPlatform[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-platform-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((platform) => platform.stop()));
  rmSync(folder, { recursive: true, force: true });
});

const start = async (
  options: Partial<PlatformOptions> = {},
  env: Record<string, string> = {},
): Promise<RunningPlatform> => {
  const platform = await startPlatform({ ...fakeOptions(folder, PATH, env), ...options });
  running.push(platform);
  return platform;
};
const pidOf = (platform: RunningPlatform, name: string): number =>
  platform.children().find((child) => child.name === name)?.pid ?? 0;
const names = (platform: RunningPlatform): string[] =>
  platform
    .children()
    .map(({ name }) => name)
    .toSorted();
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 8_000, interval: 20 });
const tellings = (): string[] => fakeEvents(folder).filter((line) => line.endsWith(' told'));

const apiLog = (platform: RunningPlatform): string =>
  readFileSync(join(platform.logsDir, 'ingest-api.log'), 'utf8');
const gpu = (id: string): string => `  ${id}: { kind: vllm, url: "http://127.0.0.1:9", models: { a: a } }\n`;

const inCell = (id: string, cell: string): string => gpu(id).replace('kind:', `cell: ${cell}, kind:`);

const FIXED = ['batch-worker', 'engine-sim', 'ingest-api', 'redis', 'scheduler', 'webhook-dispatcher'];

describe('starting', () => {
  test('without a configuration everything runs around a simulated engine, and a key opens the door', async () => {
    const platform = await start();
    expect(names(platform)).toEqual([...FIXED, 'gpu-worker-gpu-sim'].toSorted());
    expect(platform.children().every(({ alive, pid }) => alive && exists(pid))).toBe(true);
    expect(platform.engine.kind).toBe('simulated');
    expect(platform.apiKey).toMatch(/^sk-spillway-[\w-]{43}$/);
    const credentials = join(folder, 'data/credentials.json');
    expect(JSON.parse(readFileSync(credentials, 'utf8'))).toEqual({
      url: platform.apiUrl,
      api_key: platform.apiKey,
    });
    expect(statSync(credentials).mode & 0o777).toBe(0o600);
    const config = readFileSync(platform.configPath, 'utf8');
    expect(config).toContain('SIMULATED');
    expect(config).not.toContain(platform.apiKey);
    await until(() => expect(apiLog(platform)).toContain('REDIS_URL'));
    expect(JSON.parse(apiLog(platform))).toMatchObject({
      port: Number(new URL(platform.apiUrl).port),
      seen: { REDIS_URL: platform.redisUrl, SPILLWAY_CONFIG: platform.configPath, OPS_PORT: '0' },
    });
  });

  test('a second start keeps the key', async () => {
    const first = await start();
    await first.stop();
    removePrograms(folder);
    const second = await start();
    expect([second.apiKey, first.apiKeyIsNew, second.apiKeyIsNew]).toEqual([first.apiKey, true, false]);
  });

  test("the user's own configuration without keys hands the development key to the API by its hash", async () => {
    const configPath = join(folder, 'spillway.yaml');
    writeFileSync(configPath, 'backends: {}\n');
    const platform = await start({ configPath });
    expect(names(platform)).toEqual(FIXED.filter((name) => name !== 'engine-sim'));
    await until(() => expect(apiLog(platform)).toMatch(/"SPILLWAY_DEV_KEY_SHA256":"[0-9a-f]{64}"/));
    expect(platform.apiKey).toBeDefined();
  });

  test('a copy of the generated configuration has its simulated engine where nobody listens, and its key', async () => {
    const configPath = join(folder, 'spillway.yaml');
    const first = await start();
    copyFileSync(first.configPath, configPath);
    await first.stop();
    removePrograms(folder);
    const second = await start({ configPath });
    expect(second.engine).toEqual(first.engine);
    expect(names(second)).toContain('engine-sim');
    expect(second.apiKey).toBe(first.apiKey);
  });

  test("the user's own configuration with keys gets no other key", async () => {
    const configPath = join(folder, 'spillway.yaml');
    writeFileSync(configPath, `tenants: { acme: { api_key_sha256: [${'a'.repeat(64)}] } }\n`);
    const platform = await start({ configPath });
    await until(() => expect(apiLog(platform)).toContain('REDIS_URL'));
    expect(apiLog(platform)).not.toContain('SPILLWAY_DEV_KEY_SHA256');
    expect(platform.apiKey).toBeUndefined();
  });

  test('a mistake in the configuration is told before anything is started', async () => {
    const configPath = join(folder, 'spillway.yaml');
    writeFileSync(configPath, 'backend: {}\nlimits: { max_batch_documents: 0 }\n');
    await expect(start({ configPath })).rejects.toThrow(/max_batch_documents/);
    expect(fakeEvents(folder)).toEqual([]);
  });

  test('a service that ends before it is ready ends the start with what it printed, and nothing stays', async () => {
    await expect(start({}, { FAKE_BROKEN: 'scheduler' })).rejects.toThrow(
      /scheduler.*exit code 3[\s\S]*broken on purpose/,
    );
    await expectAllGone();
  });

  test('a stop while it starts leaves nothing running', async () => {
    const stop = new AbortController();
    const starting = start({
      signal: stop.signal,
      log: (line) => line.includes('child.started') && stop.abort(),
    });
    await expect(starting).rejects.toThrow('stopped');
    await expectAllGone();
  });
});

describe('more than one of a service', () => {
  test('each runs under a name of its own, can be killed by it, and the clouds that were asked for run, too', async () => {
    const configPath = join(folder, 'spillway.yaml');
    const cloud = '  cloud: { kind: openai, api_key: "${env:CLOUD_KEY}", models: { b: b } }';
    writeFileSync(configPath, `backends:\n${cloud}\n`);
    const platform = await start(
      { configPath, replicas: { scheduler: 2, 'cloud-worker': 2 }, providerSim: { port: 1 } },
      { CLOUD_KEY: 'key' },
    );
    expect(names(platform)).toEqual([
      'batch-worker',
      'cloud-worker',
      'cloud-worker-2',
      'ingest-api',
      'provider-sim',
      'redis',
      'scheduler',
      'scheduler-2',
      'webhook-dispatcher',
    ]);
    const before = { first: pidOf(platform, 'scheduler'), second: pidOf(platform, 'scheduler-2') };
    platform.kill('scheduler-2', 'SIGKILL');
    await until(() => expect([0, before.second]).not.toContain(pidOf(platform, 'scheduler-2')));
    expect(pidOf(platform, 'scheduler')).toBe(before.first);
    const pids = platform.children().map(({ pid }) => pid);
    await platform.stop();
    expect(pids.filter(exists)).toEqual([]);
  });
});

describe('cells', () => {
  test('each has processes of its own, and workers for its own backends', async () => {
    const configPath = join(folder, 'spillway.yaml');
    const cloud = '  cloud: { kind: openai, api_key: "${env:CLOUD_KEY}", models: { b: b } }\n';
    const text = `cells: { names: [eu, us] }\nbackends:\n${inCell('one', 'eu')}${inCell('two', 'us')}`;
    writeFileSync(configPath, `${text}${cloud}`);
    const platform = await start({ configPath, replicas: { scheduler: 2 } }, { CLOUD_KEY: 'key' });
    const services = ['batch-worker', 'cloud-worker', 'scheduler', 'scheduler-2', 'webhook-dispatcher'];
    expect(names(platform)).toEqual(
      [
        'ingest-api',
        'redis',
        'gpu-worker-one@eu',
        'gpu-worker-two@us',
        ...services.map((name) => `${name}@eu`),
        ...services.map((name) => `${name}@us`),
      ].toSorted(),
    );
    const seen = (name: string): string => readFileSync(join(platform.logsDir, `${name}.log`), 'utf8');
    await until(() => expect(seen('scheduler@us')).toContain('"SPILLWAY_CELL":"us"'));
    await until(() => expect(seen('gpu-worker-one@eu')).toContain('"SPILLWAY_CELL":"eu"'));

    // a backend that another cell gets is drained by its old worker
    writeFileSync(configPath, `${text.replace('cell: us', 'cell: eu')}${cloud}`);
    await until(() => expect(names(platform)).toContain('gpu-worker-two@eu'));
    await until(() => expect(names(platform)).not.toContain('gpu-worker-two@us'));
  });
});

describe('keeping running', () => {
  test('a service that was killed is started again', async () => {
    const platform = await start();
    const before = pidOf(platform, 'scheduler');
    expect(platform.kill('scheduler', 'SIGKILL')).toBe(true);
    await until(() =>
      expect(fakeEvents(folder).filter((line) => line.startsWith('scheduler started'))).toHaveLength(2),
    );
    await until(() => expect(pidOf(platform, 'scheduler')).toBeGreaterThan(0));
    expect(pidOf(platform, 'scheduler')).not.toBe(before);
    expect(platform.kill('nobody', 'SIGKILL')).toBe(false);
  });

  test('a Redis that was killed comes back at the same address', async () => {
    const platform = await start();
    const before = pidOf(platform, 'redis');
    platform.kill('redis', 'SIGKILL');
    await until(() => expect([0, before]).not.toContain(pidOf(platform, 'redis')));
    const port = Number(new URL(platform.redisUrl).port);
    expect(await askRedis(port, 'INFO server', 1_000)).toContain(`process_id:${pidOf(platform, 'redis')}\r`);
  });

  test('workers come and go with the backends of the configuration', async () => {
    const configPath = join(folder, 'spillway.yaml');
    writeFileSync(configPath, `backends:\n${gpu('one')}${gpu('two')}`);
    const platform = await start({ configPath }, { CLOUD_KEY: 'key' });
    const workers = (): string[] => names(platform).filter((name) => /^(gpu|cloud)-worker/.test(name));
    expect(workers()).toEqual(['gpu-worker-one', 'gpu-worker-two']);
    const kept = pidOf(platform, 'gpu-worker-two');
    writeFileSync(
      configPath,
      `backends:\n${gpu('two')}${gpu('three')}  cloud: { kind: openai, api_key: "\${env:CLOUD_KEY}", models: { b: b } }\n`,
    );
    await until(() => expect(workers()).toEqual(['cloud-worker', 'gpu-worker-three', 'gpu-worker-two']));
    expect(tellings()).toEqual(['gpu-worker-one told']);
    expect(pidOf(platform, 'gpu-worker-two')).toBe(kept);
  });
});

describe('ending', () => {
  test('the API is told first, then the services, then the engine, and Redis is there until the end', async () => {
    const platform = await start();
    const pids = platform.children().map(({ pid }) => pid);
    await Promise.all([platform.stop(), platform.stop()]);
    const order = tellings().map((line) => line.replace(' told', ''));
    expect(order[0]).toBe('ingest-api');
    expect(order.slice(1, 5).toSorted()).toEqual([
      'batch-worker',
      'gpu-worker-gpu-sim',
      'scheduler',
      'webhook-dispatcher',
    ]);
    expect(order[5]).toBe('engine-sim');
    expect(order).toHaveLength(6);
    expect(pids.filter(exists)).toEqual([]);
    const log = readFileSync(join(platform.logsDir, 'platform.log'), 'utf8');
    expect(log).not.toContain('child.exited');
  });

  test('a service that ignores SIGTERM is killed when the time to drain is over', async () => {
    const timing = { ...fakeOptions(mkdtempSync(join(folder, 'unused-')), PATH).timing, drainMs: 400 };
    const platform = await start({ timing }, { FAKE_STUBBORN: 'scheduler' });
    const pid = pidOf(platform, 'scheduler');
    const startedAtMs = performance.now();
    await platform.stop();
    expect(performance.now() - startedAtMs).toBeLessThan(4_000);
    expect(tellings()).toContain('scheduler told');
    expect(exists(pid)).toBe(false);
  });

  test('when the supervisor is killed, every process it started ends, Redis included', async () => {
    const main = fileURLToPath(new URL('../testing/platform-main.ts', import.meta.url));
    const supervisor = spawn(process.execPath, [main, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(supervisor.stdout, 'data', { signal: AbortSignal.timeout(15_000) })) as [
      Buffer,
    ];
    const children = JSON.parse(String(line)) as { readonly name: string; readonly pid: number }[];
    expect(children.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['redis', 'engine-sim', 'scheduler']),
    );
    expect(children.every(({ pid }) => exists(pid))).toBe(true);
    supervisor.kill('SIGKILL');
    await until(() => expect(children.filter(({ pid }) => exists(pid))).toEqual([]));
  });

  test('a second platform is refused the data folder of a running one', async () => {
    await start();
    const other = mkdtempSync(join(folder, 'other-'));
    const options = { ...fakeOptions(other, PATH), dataDir: join(folder, 'data') };
    await expect(startPlatform(options)).rejects.toThrow(/another platform .* uses/);
  });
});

async function expectAllGone(): Promise<void> {
  const log = readFileSync(join(folder, 'data/logs/platform.log'), 'utf8').trimEnd().split('\n');
  const pids = log.map((line) => (JSON.parse(line) as { pid?: number }).pid ?? 0).filter((pid) => pid > 0);
  expect(pids.length).toBeGreaterThan(0);
  expect(pids.filter(exists)).toEqual([]);
}

function inheritedPath(): string | undefined {
  return process.env['PATH'];
}
