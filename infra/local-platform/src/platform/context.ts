import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConfigStore, createLogger, formatPretty, type Logger, wait } from '@spillway/service-kit';
import { openLogFile } from '../process/log-file.ts';
import type { SupervisedProcess } from '../process/supervised-process.ts';
import { type Children, createChildren } from './children.ts';
import { DEFAULT_TIMING, type PlatformOptions, type Timing } from './options.ts';
import { type Programs, programsOf } from './programs.ts';

/** What every step of a start works with. */
export interface PlatformContext {
  readonly options: PlatformOptions;
  readonly repoRoot: string;
  readonly dataDir: string;
  readonly logsDir: string;
  readonly programs: Programs;
  readonly timing: Timing;
  readonly logger: Logger;
  readonly children: Children;
  /** Aborts when the platform is told to stop while it starts. */
  readonly signal: AbortSignal;
  /** Waits until a child is ready; rejects when it fails, takes too long, or the start is ended. */
  ready(child: SupervisedProcess): Promise<void>;
  /** Hands over a configuration store to be closed at the end. */
  keep(store: ConfigStore): ConfigStore;
  /** Ends everything that was started; a second call waits for the first. */
  stop(): Promise<void>;
}

export function openContext(options: PlatformOptions): PlatformContext {
  const repoRoot = options.repoRoot ?? fileURLToPath(new URL('../../../..', import.meta.url));
  const dataDir = resolve(options.dataDir);
  const logsDir = join(dataDir, 'logs');
  // Redis keeps prompts in here
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const logFile = openLogFile(join(logsDir, 'platform.log'));
  const logger = createLogger('local-platform', {
    level: 'info',
    write: (line) => {
      logFile.write(line);
      options.log?.(formatPretty(line).trimEnd());
    },
  });
  const env = { ...options.env, NODE_COMPILE_CACHE: join(dataDir, 'cache/node') };
  const children = createChildren({ logsDir, logger, timing, env });
  const signal = options.signal ?? new AbortController().signal;
  const stores: ConfigStore[] = [];
  let stopping: Promise<void> | undefined;

  const stopNow = async (): Promise<void> => {
    // first, so that no change starts another worker
    await Promise.all(stores.map((store) => store.close()));
    await children.stopAll();
    await logFile.close();
  };
  return {
    options,
    repoRoot,
    dataDir,
    logsDir,
    programs: options.programs ?? programsOf(repoRoot),
    timing,
    logger,
    children,
    signal,
    ready: (child) => readyInTime(child, timing.readyMs, signal),
    keep: (store) => {
      stores.push(store);
      return store;
    },
    stop: () => (stopping ??= stopNow()),
  };
}

async function readyInTime(child: SupervisedProcess, limitMs: number, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const overdue = wait(limitMs, AbortSignal.any([signal, enough.signal]));
  try {
    if ((await Promise.race([child.firstReady.then(() => 'ready' as const), overdue])) === 'ready') return;
    if (signal.aborted) throw new Error('the platform was stopped while it started');
    throw new Error(`${child.name} was not ready within ${limitMs / 1000} s; see its log`);
  } finally {
    enough.abort();
  }
}
