import { join } from 'node:path';
import { cellNames, isLocalBackend } from '@spillway/contracts';
import type { ConfigStore } from '@spillway/service-kit';
import { detectBackends, type Found } from '../engines/detect-backends.ts';
import { findPort } from '../process/find-port.ts';
import type { SupervisedProcess } from '../process/supervised-process.ts';
import { openApiKey, writeCredentials } from './api-key.ts';
import { openWebhookSecret } from './webhook-secret.ts';
import { openContext, type PlatformContext } from './context.ts';
import { engineInUse, followConfig, keysOf, writeGeneratedConfig } from './open-config.ts';
import { openEngineSim } from './open-engine-sim.ts';
import { openProviderSim } from './open-provider-sim.ts';
import { openRedis } from './open-redis.ts';
import type { PlatformOptions } from './options.ts';
import type { RunningPlatform } from './running-platform.ts';
import {
  type Cells,
  fixedServices,
  isStarted,
  isWorker,
  replicate,
  type ServiceSpec,
  workersFor,
} from './services.ts';

/**
 * Runs the whole platform on this machine as separate processes and resolves when it accepts jobs. Rejects, with
 * nothing left running, when a part does not come up or the signal aborts before that.
 */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const context = openContext(options);
  try {
    return await bringUp(context);
  } catch (error) {
    await context.stop();
    throw error;
  }
}

const USUAL_API_PORT = 8787;

async function bringUp(context: PlatformContext): Promise<RunningPlatform> {
  const { options, dataDir, logsDir, children, programs } = context;
  const key = openApiKey(dataDir);
  // a mistake in the user's own file is told before anything is started
  const own = options.configPath === undefined ? undefined : await followConfig(context, options.configPath);
  const [redisUrl, found] = await Promise.all([openRedis(context), own ? undefined : findBackends(options)]);
  const simulated = await openEngineSim(context, { found, own: own?.current().config });
  await openProviderSim(context);
  const configPath = found
    ? writeGeneratedConfig(dataDir, found, key, simulated)
    : (options.configPath ?? '');
  const store = own ?? (await followConfig(context, configPath));
  const { config } = store.current();
  const cells = cellNames(config.cells);

  const keys = keysOf(config, key);
  const apiPort = await findApiPort(options.apiPort);
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const startService = createServiceStart(context, { redisUrl, configPath });
  const devKey = keys === 'none' ? { devKeySha256: key.sha256 } : {};
  const webhookSecret = options.env['WEBHOOK_SECRET'] ?? openWebhookSecret(dataDir);
  const blobFolder = join(dataDir, 'blobs');
  const started = [
    ...replicate(
      fixedServices(programs, cells, { apiPort, webhookSecret, blobFolder, ...devKey }),
      options.replicas ?? {},
    ).map(startService),
    ...followWorkers(context, store, cells, startService),
  ];
  await Promise.all(started.map((child) => context.ready(child)));

  return {
    apiUrl,
    apiKey: keys === 'others' ? undefined : key.text,
    apiKeyIsNew: key.isNew,
    credentialsPath: keys === 'others' ? undefined : writeCredentials(dataDir, apiUrl, key),
    redisUrl,
    configPath,
    logsDir,
    engine: engineInUse(found, simulated, config),
    clouds: Object.entries(config.backends)
      .filter(([, backend]) => !isLocalBackend(backend))
      .map(([id]) => id),
    children: () => children.status(),
    kill: (name, signal) => children.kill(name, signal),
    stop: () => context.stop(),
  };
}

async function findBackends({ env, engineSim, found }: PlatformOptions): Promise<Found> {
  const there = found ?? (await detectBackends(env));
  return typeof engineSim === 'object' ? { ...there, engines: [] } : there;
}

const findApiPort = (wanted = USUAL_API_PORT): Promise<number> =>
  wanted === 0 ? findPort() : findPort(wanted);

function createServiceStart(
  { children }: PlatformContext,
  { redisUrl, configPath }: { readonly redisUrl: string; readonly configPath: string },
): (spec: ServiceSpec) => SupervisedProcess {
  const common = {
    REDIS_URL: redisUrl,
    SPILLWAY_CONFIG: configPath,
    SPILLWAY_LEASH: 'stdin',
    OPS_PORT: '0',
    HOST: '127.0.0.1',
  };
  return ({ name, program, env }) =>
    children.startNode(name, {
      file: program,
      env: { ...common, ...env },
      leash: 'stdin',
      isReady: isStarted,
    });
}

/** Starts the workers of the configuration in force, and from then on follows it, one change after the other. */
function followWorkers(
  { options, programs, children, logger }: PlatformContext,
  store: ConfigStore,
  cells: Cells,
  startService: (spec: ServiceSpec) => SupervisedProcess,
): readonly SupervisedProcess[] {
  const wanted = (): readonly ServiceSpec[] =>
    replicate(workersFor(store.current().config, cells, programs), options.replicas ?? {}).filter(
      ({ program }) => options.gpuWorkers !== 'never' || program !== programs.gpuWorker,
    );
  let following = Promise.resolve();
  store.onChange(() => {
    following = following
      .then(() => children.follow(wanted(), isWorker, startService))
      .catch((error: unknown) => logger.error({ event: 'workers.not_followed', err: error }));
  });
  return wanted().map(startService);
}
