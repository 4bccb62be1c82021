import { randomUUIDv7 } from 'node:crypto';
import { idFromUuid } from '@spillway/core';
import { closeRedis, createKeys, createSignals, openRedis } from '@spillway/redis';
import {
  boundShutdown,
  createLogger,
  createMetrics,
  endWithParent,
  failFast,
  listen,
  listenForShutdown,
  openConfigStore,
  parseEnvironment,
} from '@spillway/service-kit';
import { createApp } from './app.ts';
import { createFindTenant } from './auth/tenant-keys.ts';
import { environmentSchema } from './environment.ts';
import { createEndedJobs } from './http/ended-jobs.ts';

const DRAIN_MS = 5000;

const environment = parseEnvironment(environmentSchema, process.env);
const logger = createLogger('ingest-api', { level: environment.LOG_LEVEL });
failFast(process, logger);
endWithParent(process, logger, environment.SPILLWAY_LEASH);
const shutdown = listenForShutdown(process, logger);
boundShutdown(shutdown, process, logger);
await using stack = new AsyncDisposableStack();

const config = await openConfigStore({ path: environment.SPILLWAY_CONFIG, env: process.env, logger });
stack.defer(() => config.close());
const onRedisError = (error: Error): void => logger.warn({ event: 'redis.failed', error });
const redis = stack.adopt(await openRedis(environment.REDIS_URL, 'request', onRedisError), closeRedis);
const subscriber = stack.adopt(
  await openRedis(environment.REDIS_URL, 'background', onRedisError),
  closeRedis,
);
const keys = createKeys(environment.SPILLWAY_CELL);
const ended = createEndedJobs();
await createSignals(subscriber, keys).onEnded((id) => ended.notify(id));

const developmentKey = environment.SPILLWAY_DEV_KEY_SHA256;
let findTenant = createFindTenant(config.current().config, developmentKey);
config.onChange((now) => {
  findTenant = createFindTenant(now.config, developmentKey);
});

const app = createApp({
  redis,
  keys,
  ended,
  config: () => config.current().config,
  findTenant: () => findTenant,
  newJobId: () => idFromUuid('JobId', randomUUIDv7()),
  newBatchId: () => idFromUuid('BatchId', randomUUIDv7()),
  logger,
  metrics: createMetrics('ingest-api'),
});
const server = await listen(app.fetch, { port: environment.PORT, host: environment.HOST });
stack.defer(() => server.close(DRAIN_MS));

logger.announce({ event: 'service.started', port: server.port });
if (!shutdown.aborted)
  await new Promise((resolve) => shutdown.addEventListener('abort', resolve, { once: true }));
