import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPort, redisOnPath, unpackRedis } from '@spillway/local-platform';
import { Redis } from 'ioredis';

/** A Redis of a test's own, which it may break as it likes. */
export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** A plain connection to it: no retries, no watchdog. */
  readonly admin: Redis;
  readonly exited: Promise<unknown>;
  kill(signal: NodeJS.Signals): void;
  /** Starts it again, with the same data, at the same port, after it ended. */
  restart(): Promise<void>;
}

export interface ServerOptions {
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Most bytes of a file it may write: beyond that its disk is full. */
  readonly diskBytes?: number;
}

/** Starts a Redis that syncs every write, unless the settings say otherwise; resolves when it answers. */
export async function startServer({ settings = {}, diskBytes }: ServerOptions = {}): Promise<TestServer> {
  const port = await findPort();
  const dir = mkdtempSync(join(tmpdir(), 'spillway-redis-'));
  const all = {
    port,
    bind: '127.0.0.1',
    dir,
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return superviseServer(port, dir, args, diskBytes);
}

/** Starts a sentinel that watches a master and moves to its replica when it was silent for 1.5 s. */
export async function startSentinel(name: string, masterPort: number): Promise<TestServer> {
  const port = await findPort();
  const dir = mkdtempSync(join(tmpdir(), 'spillway-sentinel-'));
  const config = join(dir, 'sentinel.conf');
  writeFileSync(
    config,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${dir}`,
      `sentinel monitor ${name} 127.0.0.1 ${masterPort} 1`,
      `sentinel down-after-milliseconds ${name} 1500`,
      `sentinel failover-timeout ${name} 10000`,
      '',
    ].join('\n'),
  );
  return superviseServer(port, dir, [config, '--sentinel'], undefined);
}

async function superviseServer(
  port: number,
  dir: string,
  args: readonly string[],
  diskBytes: number | undefined,
): Promise<TestServer> {
  const binary = await findBinary();
  let child: ChildProcess;
  let exited: Promise<unknown>;
  const admin = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 50, maxRetriesPerRequest: null });
  admin.on('error', () => undefined);
  const start = async (): Promise<void> => {
    child = spawn('/bin/sh', ['-c', withDisk(diskBytes), 'sh', binary, ...args], { stdio: 'ignore' });
    exited = once(child, 'exit');
    const ended = exited.then(() => 'ended');
    if ((await Promise.race([admin.ping(), ended])) === 'ended') throw new Error('Redis ended at once');
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    admin,
    get exited() {
      return exited;
    },
    kill: (signal) => void child.kill(signal),
    restart: start,
    [Symbol.asyncDispose]: async () => {
      admin.disconnect();
      // one that is stopped ends only at SIGKILL
      child.kill('SIGKILL');
      await exited;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The shell counts in blocks of 512 bytes; without the trap the server would be killed instead of told. */
const withDisk = (diskBytes: number | undefined): string =>
  diskBytes === undefined ? 'exec "$@"' : `trap "" XFSZ; ulimit -f ${Math.ceil(diskBytes / 512)}; exec "$@"`;

async function findBinary(): Promise<string> {
  const repoRoot = fileURLToPath(new URL('../../..', import.meta.url));
  return (await redisOnPath(process.env['PATH'])) ?? (await unpackRedis({ repoRoot, env: process.env }));
}
