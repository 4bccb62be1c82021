import { randomUUID } from 'node:crypto';
import { idFromUuid } from '@spillway/core';
import { openCell } from '@spillway/redis';
import { openCellService, serviceEnvironmentSchema, startOpsServer } from '@spillway/service-kit';
import { createAttemptMetrics, createWorkerStore } from '@spillway/worker-loop';
import { createCloudLoops } from './cloud-loops.ts';
import { createLatencyMetrics } from './latency-metrics.ts';

const DRAIN_MS = 9000;

await using stack = new AsyncDisposableStack();
const service = await openCellService('cloud-worker', serviceEnvironmentSchema, process, stack);
const { environment, logger, config, metrics } = service;
const cell = await openCell({ ...service.store, role: 'background' }, stack);

const loops = createCloudLoops({
  newWorkerId: () => idFromUuid('WorkerId', randomUUID()),
  store: createWorkerStore(cell),
  logger,
  metrics: createAttemptMetrics(metrics),
  latency: createLatencyMetrics(metrics),
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
await service.untilShutdown();
