import { randomUUID } from 'node:crypto';
import { createPrefixIndex, idFromUuid } from '@spillway/core';
import { createFirstInstant, createHoldMemory } from '@spillway/planning';
import {
  createCommitPlan,
  createDuties,
  createLeaderElection,
  createReconciler,
  createSignals,
  createTakeSnapshot,
  openCell,
} from '@spillway/redis';
import { openCellService, serviceEnvironmentSchema, startOpsServer } from '@spillway/service-kit';
import { createDispatchPaces } from './dispatch-paces.ts';
import { createForecastMemory } from './forecast-memory.ts';
import { createLaneReasons } from './lane-reasons.ts';
import { createPromotedJobs } from './promoted-jobs.ts';
import { createPrefillClock } from './prefill-clock.ts';
import { reconcileOnce } from './reconcile-once.ts';
import { recordUnseenOnce } from './record-unseen-once.ts';
import { runDutiesOnce } from './run-duties-once.ts';
import { runTickOnce } from './run-tick-once.ts';
import { createSchedulerMetrics } from './scheduler-metrics.ts';
import { Scheduler } from './scheduler.ts';

await using stack = new AsyncDisposableStack();
const service = await openCellService('scheduler', serviceEnvironmentSchema, process, stack);
const { environment, logger, config, metrics } = service;
const cell = await openCell({ ...service.store, role: 'background' }, stack);
const { redis, keys } = cell;

const schedulerMetrics = createSchedulerMetrics(metrics);
const tick = {
  takeSnapshot: createTakeSnapshot(redis, keys, {
    groupRun: config.current().config.routing.batch_group_run,
  }),
  commitPlan: createCommitPlan(redis, keys),
  config: () => config.current(),
  since: createFirstInstant(),
  prefixes: createPrefixIndex(),
  prefills: createPrefillClock(),
  written: createHoldMemory(),
  paces: createDispatchPaces(),
  forecasts: createForecastMemory(),
  promoted: createPromotedJobs(),
  reasons: createLaneReasons(),
  metrics: schedulerMetrics,
  logger,
};
const duties = { duties: createDuties(redis, keys), metrics: schedulerMetrics, logger };
const reconcile = { reconciler: createReconciler(redis, keys), metrics: schedulerMetrics, logger };

const scheduler = new Scheduler({
  id: idFromUuid('WorkerId', randomUUID()),
  election: createLeaderElection(redis, keys),
  tick: (leadership) => runTickOnce(tick, leadership),
  duties: async (leadership) => {
    await runDutiesOnce(duties);
    await recordUnseenOnce({ ...tick, ...duties }, leadership.epoch);
    await reconcileOnce(reconcile);
  },
  logger,
  onLeading: (leading) => {
    schedulerMetrics.lead(leading);
    // Whoever led before has told its own, and saw what this one did not.
    tick.paces.clear();
    tick.forecasts.clear();
  },
});
await createSignals(cell.listener, keys).onWake(() => scheduler.wake());
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
await scheduler.run(service.shutdown);
