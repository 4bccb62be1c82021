import { type EpochMs, JOB_CLASSES, type JobClass, type Plan, type Snapshot } from '@spillway/core';
import type { Metrics } from '@spillway/service-kit';

/** Gauges of what waits, as the latest plan saw it. */
export interface QueueGauges {
  show(snapshot: Snapshot, plan: Plan): void;
  clear(): void;
}

/** One that is scraped every few seconds need not be sorted out at every tick. */
const TENANTS_EVERY_MS = 1000;
const MOST_TENANTS = 20;

export function createQueueGauges(metrics: Metrics): QueueGauges {
  const depth = metrics.gauge('sched_queue_depth', 'Jobs waiting in lanes', ['class', 'model']);
  const work = metrics.gauge('sched_queue_work_seconds', 'Predicted time to work off what waits', ['class']);
  const wait = metrics.gauge(
    'sched_predicted_wait_seconds',
    'Predicted wait of a job that joins now, where it is longest',
    ['class'],
  );
  const overflowing = metrics.gauge('sched_overflowing', '1 while a model group overflows by depth', [
    'model',
  ]);
  const tenants = metrics.gauge('sched_vtc', 'Virtual tokens of the tenants that were charged most', [
    'tenant',
  ]);
  let tenantsAtMs: EpochMs = -Infinity;

  const clear = (): void => {
    for (const gauge of [depth, work, wait, overflowing, tenants]) gauge.reset();
  };
  return {
    clear,
    show: (snapshot, plan) => {
      depth.reset();
      for (const { jobClass, modelGroup, depth: jobs } of snapshot.lanes) {
        depth.inc({ class: jobClass, model: modelGroup }, jobs);
      }
      overflowing.reset();
      for (const model of plan.overflowing.keys()) overflowing.set({ model }, 1);
      const waiting = waitingMs(snapshot, plan);
      let longest = 0;
      for (const jobClass of JOB_CLASSES) {
        const byGroup = waiting.get(jobClass) ?? new Map<string, Waiting>();
        let total = 0;
        for (const { own, before } of byGroup.values()) {
          total += own;
          longest = Math.max(longest, own + before);
        }
        work.set({ class: jobClass }, total / 1000);
        wait.set({ class: jobClass }, longest / 1000);
      }
      if (snapshot.nowMs - tenantsAtMs < TENANTS_EVERY_MS) return;
      tenantsAtMs = snapshot.nowMs;
      tenants.reset();
      const most = [...snapshot.tenants].toSorted(([, a], [, b]) => b.virtualTokens - a.virtualTokens);
      for (const [tenant, { virtualTokens }] of most.slice(0, MOST_TENANTS)) {
        tenants.set({ tenant }, virtualTokens);
      }
    },
  };
}

/** Predicted time to work off a class of a model group, and the more urgent ones before it. */
interface Waiting {
  readonly own: number;
  readonly before: number;
}

/** Class → model group → time; a group without a forecast has no local backend that works, and is left out. */
function waitingMs(
  { lanes }: Snapshot,
  { forecasts }: Plan,
): ReadonlyMap<JobClass, ReadonlyMap<string, Waiting>> {
  const jobMs = new Map(forecasts.map((forecast) => [forecast.modelGroup, forecast.jobMs]));
  const depths = new Map<string, number>();
  for (const { jobClass, modelGroup, depth } of lanes) {
    const key = `${jobClass} ${modelGroup}`;
    depths.set(key, (depths.get(key) ?? 0) + depth);
  }
  const before = new Map<string, number>();
  return new Map(
    JOB_CLASSES.map((jobClass) => [
      jobClass,
      new Map(
        Array.from(jobMs, ([group, ms]): readonly [string, Waiting] => {
          const own = (depths.get(`${jobClass} ${group}`) ?? 0) * ms;
          const waiting = { own, before: before.get(group) ?? 0 };
          before.set(group, waiting.before + own);
          return [group, waiting];
        }),
      ),
    ]),
  );
}
