import { randomUUID } from 'node:crypto';
import { createLocalBackend } from '@spillway/backends';
import { idFromUuid } from '@spillway/core';
import { createEnergyMeter, createNvidiaSmiReader } from '@spillway/gpu';
import { openCell } from '@spillway/redis';
import { openCellService, startOpsServer } from '@spillway/service-kit';
import { createAttemptMetrics, createWorkerStore, WorkerLoop } from '@spillway/worker-loop';
import { followBackendConfig } from './backend-config.ts';
import { describeBackend } from './describe-backend.ts';
import { createEngineLearner } from './engine-learner.ts';
import { createEngineMonitor } from './engine-monitor.ts';
import { environmentSchema } from './environment.ts';
import { createProfileMetrics } from './profile-metrics.ts';
import { createRunOnEngine } from './run-on-engine.ts';
import { createTelemetryMetrics } from './telemetry-metrics.ts';
import { watchEngine } from './watch-engine.ts';

const LOOK_MS = 5000;
const DRAIN_MS = 9000;

await using stack = new AsyncDisposableStack();
const service = await openCellService('gpu-worker', environmentSchema, process, stack);
const { environment, config, metrics } = service;
service.requireOwn(environment.BACKEND);
const logger = service.logger.child({ backend: environment.BACKEND });
const cell = await openCell({ ...service.store, role: 'background' }, stack);

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

const store = createWorkerStore(cell);
const writeTelemetry = createTelemetryMetrics(metrics, environment.BACKEND);
const profileMetrics = createProfileMetrics(metrics, environment.BACKEND);
await monitor.look(AbortSignal.timeout(LOOK_MS));
const learner = createEngineLearner({
  ...engine,
  simulated: () => monitor.state().simulated,
  onErrorRatio: profileMetrics.observeError,
});
stack.defer(
  watchEngine(monitor, logger, (state) => {
    writeTelemetry(state);
    profileMetrics.write(learner.learned().profile);
  }),
);

const loop = new WorkerLoop({
  workerId: idFromUuid('WorkerId', randomUUID()),
  backendId: environment.BACKEND,
  location: 'local',
  describe: () => ({
    descriptor: describeBackend(backendConfig(), monitor.state(), learner.learned(), nowMs()),
    slots: backendConfig().max_concurrency,
  }),
  prepare: async () => learner.resume(await store.readDescriptor(environment.BACKEND)),
  run: learner.observe(createRunOnEngine(engine)),
  onJudged: (judgement) => learner.judge(judgement),
  store,
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
