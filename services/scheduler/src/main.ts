import { randomUUID } from 'node:crypto';
import { idFromUuid } from '@spillway/core';
import {
  closeRedis,
  createCommitPlan,
  createDispatchPublisher,
  createDuties,
  createKeys,
  createLeaderElection,
  createSignals,
  createTakeSnapshot,
  openRedis,
} from '@spillway/redis';
import {
  boundShutdown,
  createLogger,
  createMetrics,
  endWithParent,
  failFast,
  listenForShutdown,
  openConfigStore,
  parseEnvironment,
  serviceEnvironmentSchema,
  startOpsServer,
} from '@spillway/service-kit';
import { createFirstInstant } from './first-instant.ts';
import { createHoldMemory } from './hold-memory.ts';
import { runDutiesOnce } from './run-duties-once.ts';
import { runTickOnce } from './run-tick-once.ts';
import { createSchedulerMetrics } from './scheduler-metrics.ts';
import { Scheduler } from './scheduler.ts';

const environment = parseEnvironment(serviceEnvironmentSchema, process.env);
const logger = createLogger('scheduler', { level: environment.LOG_LEVEL });
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
const publisher = stack.adopt(createDispatchPublisher(redis, keys, onRedisError), (open) => open.close());

const metrics = createMetrics('scheduler');
const schedulerMetrics = createSchedulerMetrics(metrics);
const tick = {
  takeSnapshot: createTakeSnapshot(redis, keys),
  commitPlan: createCommitPlan(redis, keys),
  publisher,
  config: () => config.current(),
  since: createFirstInstant(),
  written: createHoldMemory(),
  metrics: schedulerMetrics,
  logger,
};
const duties = { duties: createDuties(redis, keys), publisher, metrics: schedulerMetrics, logger };

const scheduler = new Scheduler({
  id: idFromUuid('WorkerId', randomUUID()),
  election: createLeaderElection(redis, keys),
  tick: (leadership) => runTickOnce(tick, leadership),
  duties: () => runDutiesOnce(duties),
  logger,
  onLeading: schedulerMetrics.lead,
});
await createSignals(subscriber, keys).onWake(() => scheduler.wake());
config.onChange(() => scheduler.wake());

const ops = await startOpsServer({
  port: environment.OPS_PORT,
  host: environment.HOST,
  logger,
  metrics,
  // A standby is ready, too: it is there to take over.
  checks: { ready: async () => ({ ok: (await redis.ping()) === 'PONG' }) },
});
stack.defer(() => ops.close());
logger.announce({ event: 'service.started', port: ops.port });
await scheduler.run(shutdown);
