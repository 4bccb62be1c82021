import { randomUUID } from 'node:crypto';
import { createLocalBackend } from '@spillway/backends';
import { idFromUuid } from '@spillway/core';
import { createEnergyMeter, createNvidiaSmiReader } from '@spillway/gpu';
import { closeRedis, createKeys, openRedis } from '@spillway/redis';
import {
  boundShutdown,
  createLogger,
  createMetrics,
  endWithParent,
  every,
  failFast,
  listenForShutdown,
  openConfigStore,
  parseEnvironment,
  startOpsServer,
} from '@spillway/service-kit';
import { createAttemptMetrics, createWorkerStore, WorkerLoop } from '@spillway/worker-loop';
import { followBackendConfig } from './backend-config.ts';
import { describeBackend } from './describe-backend.ts';
import { createEngineMonitor } from './engine-monitor.ts';
import { environmentSchema } from './environment.ts';
import { createRunOnEngine } from './run-on-engine.ts';
import { createTelemetryMetrics } from './telemetry-metrics.ts';

const LOOK_EVERY_MS = 1000;
const DRAIN_MS = 9000;

const environment = parseEnvironment(environmentSchema, process.env);
const logger = createLogger('gpu-worker', { level: environment.LOG_LEVEL }).child({
  backend: environment.BACKEND,
});
failFast(process, logger);
endWithParent(process, logger, environment.SPILLWAY_LEASH);
const shutdown = listenForShutdown(process, logger);
boundShutdown(shutdown, process, logger);
await using stack = new AsyncDisposableStack();

const config = await openConfigStore({ path: environment.SPILLWAY_CONFIG, env: process.env, logger });
stack.defer(() => config.close());
const onRedisError = (error: Error): void => logger.warn({ event: 'redis.failed', error });
const redis = stack.adopt(await openRedis(environment.REDIS_URL, 'background', onRedisError), closeRedis);
const subscriber = stack.adopt(
  await openRedis(environment.REDIS_URL, 'background', onRedisError),
  closeRedis,
);
const keys = createKeys(environment.SPILLWAY_CELL);

const nowMs = (): number => Date.now();
const backendConfig = followBackendConfig(config, environment.BACKEND);
let adapter = createLocalBackend(backendConfig(), { nowMs });
config.onChange(() => {
  adapter = createLocalBackend(backendConfig(), { nowMs });
});
const energy = createEnergyMeter();
const engine = { config: backendConfig, backend: () => adapter, energy, nowMs };
const monitor = createEngineMonitor({ ...engine, gpus: createNvidiaSmiReader(), logger });

const metrics = createMetrics('gpu-worker');
const writeTelemetry = createTelemetryMetrics(metrics, environment.BACKEND);
const looking = new AbortController();
await monitor.look(looking.signal);
const looks = every(
  LOOK_EVERY_MS,
  looking.signal,
  async (signal) => {
    await monitor.look(signal);
    writeTelemetry(monitor.state());
  },
  ({ error }) => logger.warn({ event: 'engine.look_failed', error }),
);
stack.defer(async () => {
  looking.abort();
  await looks;
});

const loop = new WorkerLoop({
  workerId: idFromUuid('WorkerId', randomUUID()),
  backendId: environment.BACKEND,
  location: 'local',
  describe: () => ({
    descriptor: describeBackend(backendConfig(), monitor.state(), nowMs()),
    slots: backendConfig().max_concurrency,
  }),
  run: createRunOnEngine(engine),
  store: createWorkerStore(redis, subscriber, keys),
  logger,
  metrics: createAttemptMetrics(metrics),
  random: Math.random,
  drainMs: DRAIN_MS,
});
const ops = await startOpsServer({
  port: environment.OPS_PORT,
  host: environment.HOST,
  logger,
  metrics,
  checks: { ready: async () => ({ ok: loop.leasing && monitor.state().down === undefined }) },
});
stack.defer(() => ops.close());
await loop.start();
stack.defer(() => loop.drain());

logger.announce({ event: 'service.started', port: ops.port });
if (!shutdown.aborted)
  await new Promise((resolve) => shutdown.addEventListener('abort', resolve, { once: true }));
