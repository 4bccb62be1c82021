import { createReconciler } from '@spillway/redis';
import { createLogger, createMetrics } from '@spillway/service-kit';
import { expect, test } from 'vitest';
import { reconcileOnce } from './reconcile-once.ts';
import { createSchedulerMetrics } from './scheduler-metrics.ts';
import { aConfig, gpu } from '@spillway/planning/testing';
import { openScheduling } from './testing/open-scheduling.ts';

test('a job that its lane has lost is dispatched after all, and that it was lost is counted and told once', async () => {
  await using cell = await openScheduling(aConfig());
  const lines: string[] = [];
  const metrics = createMetrics('test');
  const deps = {
    reconciler: createReconciler(cell.redis, cell.keys),
    metrics: createSchedulerMetrics(metrics),
    logger: createLogger('test', { level: 'info', write: (line) => lines.push(line) }),
  };
  const repaired = async (): Promise<readonly string[]> =>
    (await metrics.render()).text
      .split('\n')
      .filter((line) => /^sched_drift_repaired_total\{.* [1-9]/.test(line));

  await cell.beat(gpu, 1);
  const id = await cell.submit();
  await reconcileOnce(deps);
  expect(await repaired(), 'nothing, while all is well').toEqual([]);
  await cell.redis.del(...(await cell.redis.keys(`${cell.keys.prefix}lane:*`)));
  await cell.redis.del(`${cell.keys.prefix}lanes`);
  await cell.tick();
  expect(await cell.statesOf([id])).toEqual({ queued: 1 });

  await expect
    .poll(async () => {
      await reconcileOnce(deps);
      return repaired();
    })
    .toHaveLength(2);
  const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events).toMatchObject([
    { event: 'drift.repaired', kind: 'lane-missing', subject: id },
    { event: 'drift.repaired', kind: 'lanes-missing' },
  ]);
  await cell.tick();
  expect(await cell.statesOf([id])).toEqual({ dispatched: 1 });
});
