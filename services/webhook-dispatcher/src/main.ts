import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { DELIVERY_SCHEDULE } from '@spillway/core';
import { openCell } from '@spillway/redis';
import { openCellService, startOpsServer } from '@spillway/service-kit';
import { choosePlatformSecret } from './choose-platform-secret.ts';
import { dispatcherEnvironmentSchema } from './environment.ts';
import { createDispatcherMetrics } from './metrics.ts';
import { followDeliveryRules } from './ssrf/follow-delivery-rules.ts';
import { startDispatcher } from './start-dispatcher.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

await using stack = new AsyncDisposableStack();
const service = await openCellService('webhook-dispatcher', dispatcherEnvironmentSchema, process, stack);
const { environment, logger, config, metrics } = service;
const cell = await openCell({ ...service.store, role: 'background' }, stack);
const ops = await startOpsServer({
  port: environment.OPS_PORT,
  host: environment.HOST,
  logger,
  metrics,
  checks: {
    ready: async () => ({ ok: cell.redis.status === 'ready' && (await cell.redis.ping()) === 'PONG' }),
  },
});
stack.defer(() => ops.close());
const dispatcher = await startDispatcher({
  redis: cell.redis,
  outbox: cell.listener,
  keys: cell.keys,
  consumer: `${hostname()}-${process.pid}`,
  rules: followDeliveryRules(config),
  userAgent: `Spillway/${version} (webhooks)`,
  platformSecret: choosePlatformSecret(environment.WEBHOOK_SECRET, logger),
  schedule: DELIVERY_SCHEDULE,
  logger,
  metrics: createDispatcherMetrics(metrics),
});
stack.defer(() => dispatcher.drain());

logger.announce({ event: 'service.started', port: ops.port });
await service.untilShutdown();
