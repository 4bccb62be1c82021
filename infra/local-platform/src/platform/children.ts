import { join } from 'node:path';
import { type Logger, wait } from '@spillway/service-kit';
import { launch, type LaunchOptions, type RunningProcess } from '../process/launch.ts';
import { SupervisedProcess } from '../process/supervised-process.ts';
import type { Timing } from './options.ts';
import type { ChildStatus } from './running-platform.ts';
import { INGEST_API, type ServiceSpec } from './services.ts';

export interface ChildrenOptions {
  readonly logsDir: string;
  readonly logger: Logger;
  readonly timing: Timing;
  /** What every child inherits. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How to run one TypeScript file under this process's Node; the rest of the command is the child's. */
type NodeProgram = Pick<LaunchOptions, 'leash' | 'isReady'> & {
  readonly file: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

/** All processes of one platform by name; they are started one by one and ended in order. */
export interface Children {
  start(name: string, launchOnce: (signal: AbortSignal) => Promise<RunningProcess>): SupervisedProcess;
  startNode(name: string, program: NodeProgram): SupervisedProcess;
  /** Starts what is wanted and missing, and ends, draining it, what `owns` accepts and is not wanted any more. */
  follow(
    wanted: readonly ServiceSpec[],
    owns: (name: string) => boolean,
    startService: (spec: ServiceSpec) => unknown,
  ): Promise<void>;
  status(): readonly ChildStatus[];
  kill(name: string, signal: NodeJS.Signals): boolean;
  stopAll(): Promise<void>;
}

export const REDIS = 'redis';
export const ENGINE_SIM = 'engine-sim';
export const PROVIDER_SIM = 'provider-sim';
/** What the services need to the end, in the order in which it is ended. */
const LAST: readonly string[] = [ENGINE_SIM, PROVIDER_SIM, REDIS];

export function createChildren({ logsDir, logger, timing, env }: ChildrenOptions): Children {
  const running = new Map<string, SupervisedProcess>();
  let stopped: Promise<void> | undefined;

  const start: Children['start'] = (name, launchOnce) => {
    if (stopped) throw new Error(`${name} cannot start: the platform is stopping`);
    const child = new SupervisedProcess({ name, launch: launchOnce, logger, restart: timing.restart });
    running.set(name, child);
    return child;
  };

  const stopServices = async (): Promise<void> => {
    const services = [...running.values()].filter(({ name }) => !LAST.includes(name));
    const deadlineMs = performance.now() + timing.drainMs;
    const api = services.filter(({ name }) => name === INGEST_API).map((child) => child.stop(timing.drainMs));
    // no new job comes in while the others drain
    await endedOrLate(api, timing.headStartMs);
    const others = services.filter(({ name }) => name !== INGEST_API);
    await Promise.all([...api, ...others.map((child) => child.stop(deadlineMs - performance.now()))]);
  };

  const stopInOrder = async (): Promise<void> => {
    logger.info({ event: 'platform.stopping' });
    await stopServices();
    for (const name of LAST) await running.get(name)?.stop(timing.lastMs);
    logger.info({ event: 'platform.stopped' });
  };

  return {
    start,
    startNode: (name, { file, args = [], env: own, leash, isReady }) =>
      start(name, () =>
        launch({
          command: process.execPath,
          args: [file, ...args],
          env: { ...env, ...own },
          logPath: join(logsDir, `${name}.log`),
          leash,
          isReady,
        }),
      ),
    follow: async (wanted, owns, startService) => {
      if (stopped) return;
      const names = new Set(wanted.map(({ name }) => name));
      for (const spec of wanted) if (!running.has(spec.name)) startService(spec);
      const surplus = [...running.values()].filter(({ name }) => owns(name) && !names.has(name));
      await Promise.all(surplus.map((child) => child.stop(timing.drainMs)));
      for (const { name } of surplus) running.delete(name);
    },
    status: () => [...running.values()].map(({ name, pid, alive }) => ({ name, pid, alive })),
    kill: (name, signal) => running.get(name)?.kill(signal) ?? false,
    stopAll: () => (stopped ??= stopInOrder()),
  };
}

async function endedOrLate(ending: readonly Promise<void>[], ms: number): Promise<void> {
  const enough = new AbortController();
  await Promise.race([Promise.all(ending), wait(ms, enough.signal)]);
  enough.abort();
}
