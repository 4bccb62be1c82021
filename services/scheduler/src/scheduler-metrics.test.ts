import { NO_PREFIXES, type Plan, plan, type TenantId } from '@spillway/core';
import { buildSnapshot, buildCommit, createHoldMemory } from '@spillway/planning';
import {
  aCloudState,
  aConfig,
  aJob,
  aLane,
  aState,
  aStore,
  cloud,
  gpu,
  LOW_OVERFLOW,
  MODEL,
  NOW_MS,
} from '@spillway/planning/testing';
import type { CommitReply, StoreSnapshot } from '@spillway/redis';
import { createMetrics } from '@spillway/service-kit';
import { describe, expect, test } from 'vitest';
import { createSchedulerMetrics } from './scheduler-metrics.ts';

/** Metrics after a tick in this state of the store, whose commit refused these jobs. */
async function metricsAfter(store: StoreSnapshot, refused: readonly string[] = []) {
  const registry = createMetrics('scheduler');
  const metrics = createSchedulerMetrics(registry);
  const config = aConfig({ routing: LOW_OVERFLOW });
  const snapshot = buildSnapshot(store, config, { sinceMs: NOW_MS, prefixes: NO_PREFIXES });
  const planned = plan(snapshot);
  const { told } = buildCommit(planned, snapshot, { config, version: 'sha256:00' }, 1, createHoldMemory());
  metrics.observe({
    snapshot,
    plan: planned,
    told,
    promotions: planned.promotions,
    reply: reply(planned, refused),
  });
  const { text } = await registry.render();
  const valueOf = (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined => {
    const line = text
      .split('\n')
      .find(
        (one) =>
          one.startsWith(`${name}{`) &&
          Object.entries(labels).every(([label, value]) => one.includes(`${label}="${value}"`)),
      );
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  return { valueOf, metrics, snapshot, planned, text: async () => (await registry.render()).text };
}

const reply = (planned: Plan, refused: readonly string[]): Extract<CommitReply, { kind: 'applied' }> => ({
  kind: 'applied',
  dispatched: planned.assignments
    .filter(({ job }) => !refused.includes(job.id))
    .map(({ job, backendId }) => ({ jobId: job.id, backendId, fence: job.fence + 1 })),
  refused: planned.assignments
    .filter(({ job }) => refused.includes(job.id))
    .map(({ job }) => ({ jobId: job.id, because: 'no-slot' })),
});
const jobs = (count: number) =>
  Array.from({ length: count }, (_, index) => aJob(index, { queuedAtMs: NOW_MS - 2000 }));

describe('what a tick leaves in the metrics', () => {
  test('decisions by what was done, why, for which strategy and class', async () => {
    const backends = [aState({ slots: 1 }), aCloudState({ slots: 1 })];
    const store = aStore({ backends, lanes: [aLane(jobs(7))] });
    const { valueOf } = await metricsAfter(store);
    const labels = { strategy: 'auto', class: 'standard' };
    expect(valueOf('sched_decisions_total', { action: 'assign', reason: 'local', ...labels })).toBe(1);
    expect(valueOf('sched_decisions_total', { action: 'assign', reason: 'depth', ...labels })).toBe(1);
    expect(valueOf('sched_decisions_total', { action: 'hold', ...labels })).toBeGreaterThanOrEqual(1);
    expect(valueOf('sched_overflow_total', { from_class: 'standard', trigger: 'depth' })).toBe(1);
    expect(valueOf('sched_filter_rejections_total', { filter: 'CONCURRENCY' })).toBeGreaterThanOrEqual(1);
  });

  test('what the commit refused was no assignment, and no overflow', async () => {
    const store = aStore({ lanes: [aLane(jobs(1))] });
    const { valueOf } = await metricsAfter(store, [aJob(0).id]);
    expect(valueOf('sched_decisions_total', { action: 'assign' })).toBeUndefined();
    expect(valueOf('sched_decisions_total', { action: 'refused-at-commit', reason: 'no-slot' })).toBe(1);
  });

  test('the queue by class and model, and the time it is predicted to take', async () => {
    const busy = aState({ slots: 1, held: 1, heldTokens: 150 });
    const lanes = [aLane(jobs(3), { key: 'i', jobClass: 'interactive' }), aLane(jobs(2), { key: 's' })];
    const { valueOf } = await metricsAfter(aStore({ backends: [busy], lanes }));
    expect(valueOf('sched_queue_depth', { class: 'interactive', model: MODEL })).toBe(3);
    const [urgent = NaN, standard = NaN] = ['interactive', 'standard'].map((jobClass) =>
      valueOf('sched_queue_work_seconds', { class: jobClass }),
    );
    expect(standard / urgent).toBeCloseTo(2 / 3);
    expect(valueOf('sched_predicted_wait_seconds', { class: 'interactive' })).toBeCloseTo(urgent);
    // it waits for those before it, too
    expect(valueOf('sched_predicted_wait_seconds', { class: 'batch' })).toBeCloseTo(urgent + standard);
  });

  test('the twenty tenants that were charged most, and no more names than that', async () => {
    const tenants = Array.from({ length: 25 }, (_, index) => `tenant-${index}` as TenantId);
    const lanes = tenants.map((tenantId) => aLane(jobs(1), { key: tenantId, tenantId }));
    const virtualTokens = new Map(tenants.map((tenantId, index) => [tenantId, index]));
    const { text } = await metricsAfter(aStore({ lanes, virtualTokens }));
    expect((await text()).match(/^sched_vtc\{/gm)).toHaveLength(20);
    expect(await text()).toContain('tenant="tenant-24"');
    expect(await text()).not.toContain('tenant="tenant-4"');
  });

  test('of one who does not lead any more nothing is told of queues', async () => {
    const { metrics, text } = await metricsAfter(aStore({ lanes: [aLane(jobs(6))] }));
    metrics.lead(true);
    expect(await text()).toMatch(/^sched_queue_depth\{/m);
    metrics.lead(false);
    expect(await text()).not.toMatch(/^sched_(queue_depth|overflowing|vtc|queue_work_seconds)\{/m);
  });

  test('names of backends are on nothing: there may be many', async () => {
    const store = aStore({ backends: [aState(), aCloudState()], lanes: [aLane(jobs(2))] });
    const { text } = await metricsAfter(store);
    expect(await text()).not.toMatch(new RegExp(`"(${gpu}|${cloud})"`));
  });
});
