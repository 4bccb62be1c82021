import { randomUUID } from 'node:crypto';
import { createLocalBackend } from '@spillway/backends';
import { idFromUuid } from '@spillway/core';
import { createEnergyMeter, createNvidiaSmiReader } from '@spillway/gpu';
import { openCell } from '@spillway/redis';
import { every, openService, startOpsServer, storeOptions } from '@spillway/service-kit';
import { createAttemptMetrics, createWorkerStore, WorkerLoop } from '@spillway/worker-loop';
import { followBackendConfig } from './backend-config.ts';
import { describeBackend } from './describe-backend.ts';
import { createEngineMonitor } from './engine-monitor.ts';
import { environmentSchema } from './environment.ts';
import { createRunOnEngine } from './run-on-engine.ts';
import { createTelemetryMetrics } from './telemetry-metrics.ts';

const LOOK_EVERY_MS = 1000;
const DRAIN_MS = 9000;

await using stack = new AsyncDisposableStack();
const service = await openService('gpu-worker', environmentSchema, process, stack);
const { environment, config, metrics } = service;
const logger = service.logger.child({ backend: environment.BACKEND });
const cell = await openCell({ ...storeOptions(environment, logger), role: 'background' }, stack);

// for lengths only: the engine's health and energy must not hang on the time of day, which may be set
const nowMs = (): number => performance.now();
const backendConfig = followBackendConfig(config, environment.BACKEND);
let adapter = createLocalBackend(backendConfig(), { nowMs: Date.now });
config.onChange(() => {
  adapter = createLocalBackend(backendConfig(), { nowMs: Date.now });
});
const energy = createEnergyMeter();
const engine = { config: backendConfig, backend: () => adapter, energy, nowMs };
const monitor = createEngineMonitor({ ...engine, gpus: createNvidiaSmiReader(), logger });

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
  store: createWorkerStore(cell),
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
await service.untilShutdown();
