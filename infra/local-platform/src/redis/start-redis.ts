import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { wait } from '@spillway/service-kit';
import { findPort } from '../process/find-port.ts';
import { launch, type RunningProcess } from '../process/launch.ts';
import { askRedis } from './ask-redis.ts';
import { awaitFreeFolder, claimFolder, releaseFolder } from './redis-folder.ts';

export interface RedisOptions {
  /** The server program, as `findRedis` gives it. */
  readonly binary: string;
  /** Where it keeps its data; persists between runs. */
  readonly dataDir: string;
  /** When a write is on disk: before it is answered, within a second, or never. */
  readonly appendonly: 'always' | 'everysec' | 'no';
  /** Without it a free one. */
  readonly port?: number;
  readonly maxMemoryBytes?: number;
  /** Default `<dataDir>/redis.log`. */
  readonly logPath?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

export interface RunningRedis extends RunningProcess {
  readonly url: string;
  /** Ends the server after its last write is on disk; SIGKILL after `graceMs` (default 5 s). */
  stop(graceMs?: number): Promise<void>;
  /** Ends it without a chance to write anything. */
  kill9(): Promise<void>;
}

const LOAD_LIMIT_MS = 120_000;
const PORT_ATTEMPTS = 5;

/**
 * Starts a Redis on 127.0.0.1 that never evicts and ends with this process; resolves when it has loaded its data and
 * answers. Rejects when another Redis uses the folder or the server does not come up.
 */
export async function startRedis(options: RedisOptions): Promise<RunningRedis> {
  const signal = options.signal ?? new AbortController().signal;
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  await awaitFreeFolder(options.dataDir, signal);
  // between finding a port free and binding it somebody else may take it
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await findPort());
    const started = await launchServer(options, port);
    const failure = await awaitAnswer(started, port, signal);
    if (failure === undefined) return withStop(started, port, options.dataDir);
    started.kill('SIGKILL');
    await started.exited;
    if (signal.aborted || options.port !== undefined || attempt >= PORT_ATTEMPTS) {
      throw new Error(`Redis did not start: ${failure}\n${started.tail()}`);
    }
  }
}

const launchServer = (options: RedisOptions, port: number): Promise<RunningProcess> =>
  launch({
    command: options.binary,
    args: serverArguments(options, port),
    env: options.env,
    cwd: options.dataDir,
    logPath: options.logPath ?? join(options.dataDir, 'redis.log'),
    leash: 'shell',
    isReady: () => false,
  });

const serverArguments = (
  { dataDir, appendonly, maxMemoryBytes = 0 }: RedisOptions,
  port: number,
): string[] => [
  ...pairs({ port, bind: '127.0.0.1', dir: dataDir, daemonize: 'no', save: '' }),
  ...pairs(appendonly === 'no' ? { appendonly } : { appendonly: 'yes', appendfsync: appendonly }),
  ...pairs({ maxmemory: maxMemoryBytes, 'maxmemory-policy': 'noeviction' }),
];

const pairs = (settings: Readonly<Record<string, string | number>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);

/** Undefined once the server answers PONG; while it loads its file it answers LOADING instead. */
async function awaitAnswer(
  server: RunningProcess,
  port: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const gone = new AbortController();
  void server.exited.finally(() => gone.abort());
  const either = AbortSignal.any([signal, gone.signal]);
  const deadlineMs = performance.now() + LOAD_LIMIT_MS;
  while (performance.now() < deadlineMs) {
    const answer = await askRedis(port, 'PING', 1_000);
    // a stranger on this port answers PONG, too
    if (answer?.startsWith('+PONG') && (await isServer(server.pid, port))) return undefined;
    await wait(20, either);
    if (gone.signal.aborted) return 'it ended at once';
    if (signal.aborted) return 'it was stopped while it loaded its data';
  }
  return `it did not load its data within ${LOAD_LIMIT_MS / 1000} s`;
}

const isServer = async (pid: number, port: number): Promise<boolean> =>
  (await askRedis(port, 'INFO server', 1_000))?.includes(`process_id:${pid}\r`) ?? false;

function withStop(server: RunningProcess, port: number, folder: string): RunningRedis {
  claimFolder(folder, server.pid, port);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    server.kill(signal);
    await server.exited;
  };
  return {
    ...server,
    ready: Promise.resolve(),
    url: `redis://127.0.0.1:${port}`,
    stop: async (graceMs = 5_000) => {
      const overdue = setTimeout(() => server.kill('SIGKILL'), graceMs);
      await end('SIGTERM');
      clearTimeout(overdue);
      releaseFolder(folder);
    },
    kill9: () => end('SIGKILL'),
  };
}
