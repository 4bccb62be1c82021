import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { aborted } from 'node:util';
import { DELIVERY_SCHEDULE } from '@spillway/core';
import { closeRedis, createKeys, openRedis, type Redis } from '@spillway/redis';
import {
  boundShutdown,
  createLogger,
  createMetrics,
  endWithParent,
  failFast,
  listenForShutdown,
  openConfigStore,
  parseEnvironment,
  startOpsServer,
} from '@spillway/service-kit';
import { choosePlatformSecret } from './choose-platform-secret.ts';
import { dispatcherEnvironmentSchema } from './environment.ts';
import { createDispatcherMetrics } from './metrics.ts';
import { followDeliveryRules } from './ssrf/follow-delivery-rules.ts';
import { startDispatcher } from './start-dispatcher.ts';

const SERVICE = 'webhook-dispatcher';
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const env = parseEnvironment(dispatcherEnvironmentSchema, process.env);
const logger = createLogger(SERVICE, { level: env.LOG_LEVEL });
failFast(process, logger);
endWithParent(process, logger, env.SPILLWAY_LEASH);
const shutdown = listenForShutdown(process, logger);
boundShutdown(shutdown, process, logger);
await using stack = new AsyncDisposableStack();

const config = stack.adopt(
  await openConfigStore({ path: env.SPILLWAY_CONFIG, env: process.env, logger }),
  (store) => store.close(),
);
const connect = async (): Promise<Redis> =>
  stack.adopt(
    await openRedis(env.REDIS_URL, 'background', (error) => {
      logger.warn({ event: 'redis.failed', err: error });
    }),
    closeRedis,
  );
const redis = await connect();
const metrics = createMetrics(SERVICE);
const ops = stack.adopt(
  await startOpsServer({
    port: env.OPS_PORT,
    host: env.HOST,
    logger,
    metrics,
    checks: {
      ready: async () => ({ ok: redis.status === 'ready' && (await redis.ping()) === 'PONG' }),
    },
  }),
  (server) => server.close(),
);
stack.adopt(
  await startDispatcher({
    redis,
    outbox: await connect(),
    keys: createKeys(env.SPILLWAY_CELL),
    consumer: `${hostname()}-${process.pid}`,
    rules: followDeliveryRules(config),
    userAgent: `Spillway/${version} (webhooks)`,
    platformSecret: choosePlatformSecret(env.WEBHOOK_SECRET, logger),
    schedule: DELIVERY_SCHEDULE,
    logger,
    metrics: createDispatcherMetrics(metrics),
  }),
  (dispatcher) => dispatcher.drain(),
);

logger.announce({ event: 'service.started', port: ops.port });
await aborted(shutdown, stack);
