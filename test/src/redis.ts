import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { redisOnPath, startRedis, unpackRedis } from '@spillway/local-platform';

export interface TestRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A Redis for one test run that keeps nothing: TEST_REDIS_URL, else a server on PATH, else a container where a Docker
 * engine answers, else one unpacked into `.cache/redis`. Rejects with what to do when none of them is there.
 */
export async function startTestRedis(): Promise<TestRedis> {
  const given = process.env['TEST_REDIS_URL'];
  if (given) return { url: given, stop: async () => {} };
  const installed = await redisOnPath(process.env['PATH']);
  if (installed !== undefined) return fromBinary(installed);
  if (await dockerAnswers()) return fromContainer();
  return fromBinary(await unpacked());
}

async function fromBinary(binary: string): Promise<TestRedis> {
  const dataDir = mkdtempSync(join(tmpdir(), 'spillway-test-redis-'));
  const redis = await startRedis({ binary, dataDir, appendonly: 'no', env: process.env });
  return {
    url: redis.url,
    stop: async () => {
      await redis.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function dockerAnswers(): Promise<boolean> {
  try {
    await promisify(execFile)('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 5_000 });
    return true;
  } catch {
    return false;
  }
}

/** Loaded only here: the container library takes 400 ms to import. */
async function fromContainer(): Promise<TestRedis> {
  const { RedisContainer } = await import('@testcontainers/redis');
  const container = await new RedisContainer('redis:7.4-alpine').start();
  return {
    url: container.getConnectionUrl(),
    stop: async () => {
      await container.stop();
    },
  };
}

async function unpacked(): Promise<string> {
  try {
    return await unpackRedis({
      repoRoot: fileURLToPath(new URL('../..', import.meta.url)),
      env: process.env,
    });
  } catch (cause) {
    throw new Error(
      'no Redis for the tests: install one (apt-get install -y redis-server), start a Docker engine, or set TEST_REDIS_URL',
      { cause },
    );
  }
}
