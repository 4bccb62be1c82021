import { randomUUID } from 'node:crypto';
import { idFromUuid } from '@spillway/core';
import { closeRedis, createKeys, openRedis } from '@spillway/redis';
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
import { createAttemptMetrics, createWorkerStore } from '@spillway/worker-loop';
import { createCloudLoops } from './cloud-loops.ts';

const DRAIN_MS = 9000;

const environment = parseEnvironment(serviceEnvironmentSchema, process.env);
const logger = createLogger('cloud-worker', { level: environment.LOG_LEVEL });
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
const metrics = createMetrics('cloud-worker');

const loops = createCloudLoops({
  newWorkerId: () => idFromUuid('WorkerId', randomUUID()),
  store: createWorkerStore(redis, subscriber, createKeys(environment.SPILLWAY_CELL)),
  logger,
  metrics: createAttemptMetrics(metrics),
  drainMs: DRAIN_MS,
});
const ops = await startOpsServer({
  port: environment.OPS_PORT,
  host: environment.HOST,
  logger,
  metrics,
  checks: { ready: async () => ({ ok: loops.leasing() }) },
});
stack.defer(() => ops.close());
stack.defer(() => loops.drain());
config.onChange((now) => {
  loops.follow(now.config).catch((error: unknown) => logger.error({ event: 'config.follow_failed', error }));
});
await loops.follow(config.current().config);

logger.announce({ event: 'service.started', port: ops.port });
if (!shutdown.aborted)
  await new Promise((resolve) => shutdown.addEventListener('abort', resolve, { once: true }));
