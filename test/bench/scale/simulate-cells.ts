import { JOB_CLASSES, type JobClass } from '@spillway/core';
import {
  DEFAULT_MIX,
  type Outcomes,
  overflowDeployment,
  type Policy,
  shapeTrace,
  simulate,
  type SimulationRun,
  type TraceJob,
  type TraceRecord,
} from '@spillway/simulation';
import { createRandom } from '../../src/random.ts';
import { quantile } from '../report.ts';
import type { ScaleAnswer, ScaleAsk } from './scale-ask.ts';
import { type TimedPolicy, timePlans } from './time-plans.ts';

const PINNED = 0.15;
/** A tick of a cell with so many lanes takes no less, live (the plan bench). */
const TICK_MS = 25;
const LARGEST = 10;

/** Every cell with the jobs that chance gave it, one cell after the other. */
export function simulateCells(records: readonly TraceRecord[], ask: ScaleAsk, policy: Policy): ScaleAnswer {
  const { seed, load, cells, gpus, tenants, requests, profiles } = ask;
  const shape = { seed, load: load * cells * gpus, tenants, requests, mix: DEFAULT_MIX, pinned: PINNED };
  const jobs = [...shapeTrace(records, shape)];
  const timed = timePlans(policy);
  const startedAtMs = performance.now();
  const runs = deal(jobs, cells, seed).map((dealt, cell) =>
    simulate(dealt, overflowDeployment(gpus), timed.policy, {
      seed: seed + cell,
      late: 'run',
      tickMs: TICK_MS,
      profiles,
    }),
  );
  const tookSeconds = (performance.now() - startedAtMs) / 1000;
  const arrivalSeconds = ((jobs.at(-1)?.atMs ?? 0) - (jobs[0]?.atMs ?? 0)) / 1000;
  return {
    ...whatBecame(runs),
    usdPerHourPerGpu: (3600 * sum(runs, ({ report }) => report.cloud.usd)) / arrivalSeconds / (cells * gpus),
    ...whatPlansTook(timed, runs),
    arrivalSeconds,
    tookSeconds,
  };
}

function deal(jobs: readonly TraceJob[], cells: number, seed: number): readonly (readonly TraceJob[])[] {
  const random = createRandom(seed);
  const dealt = Array.from({ length: cells }, (): TraceJob[] => []);
  for (const job of jobs) dealt[random.whole(0, cells - 1)]?.push(job);
  return dealt;
}

function whatBecame(runs: readonly SimulationRun[]) {
  const missedOf = (jobClass: JobClass): number =>
    missedShare(runs.flatMap(({ report }) => report.classes[jobClass] ?? []));
  return {
    missed: {
      interactive: missedOf('interactive'),
      standard: missedOf('standard'),
      batch: missedOf('batch'),
    },
    pinnedMissed: sum(runs, ({ report }) => report.pinned.missed),
    ...missedByTenants(runs),
    cloudShare: sum(runs, ({ report }) => report.cloud.jobs) / sum(runs, ({ report }) => report.requests),
    batchInCloud: sum(runs, ({ report }) => report.classes['batch']?.cloudJobs ?? 0),
    p99WaitSeconds: p99Wait(runs, false),
    p99WaitPinnedSeconds: p99Wait(runs, true),
  };
}

function missedByTenants(runs: readonly SimulationRun[]) {
  const tenants = new Map<string, { jobs: number; missed: number }>();
  for (const { tenant, jobs, missed } of runs.flatMap(({ report }) => report.tenants)) {
    const known = tenants.get(tenant) ?? { jobs: 0, missed: 0 };
    tenants.set(tenant, { jobs: known.jobs + jobs, missed: known.missed + missed });
  }
  const bySize = [...tenants.values()].toSorted((a, b) => b.jobs - a.jobs);
  return {
    missedByLargest: missedShare(bySize.slice(0, LARGEST)),
    missedByOthers: missedShare(bySize.slice(LARGEST)),
  };
}

const p99Wait = (runs: readonly SimulationRun[], onlyPinned: boolean): number =>
  quantile(
    runs.flatMap(({ outcomes }) => interactiveWaits(outcomes, onlyPinned)),
    0.99,
  );

/** From submission to the beginning of an attempt, in seconds; jobs that never began have none. */
function interactiveWaits(
  { length, jobClass, pinned, arrivedAtMs, beganAtMs }: Outcomes,
  onlyPinned: boolean,
): readonly number[] {
  const waits: number[] = [];
  for (let index = 0; index < length; index += 1) {
    if (JOB_CLASSES[jobClass[index] ?? 0] !== 'interactive' || (onlyPinned && pinned[index] !== 1)) continue;
    const waitedMs = (beganAtMs[index] ?? Number.NaN) - (arrivedAtMs[index] ?? Number.NaN);
    if (!Number.isNaN(waitedMs)) waits.push(waitedMs / 1000);
  }
  return waits;
}

function whatPlansTook({ planMs, mostLanes }: TimedPolicy, runs: readonly SimulationRun[]) {
  const simulatedMs = 1000 * sum(runs, ({ report }) => report.simulatedSeconds);
  return {
    plans: planMs.length,
    planMs: { p50: quantile(planMs, 0.5), p99: quantile(planMs, 0.99) },
    planningShare: sum(planMs, (ms) => ms) / simulatedMs,
    mostLanes: mostLanes(),
  };
}

function missedShare(some: readonly { readonly jobs: number; readonly missed: number }[]): number {
  const jobs = sum(some, (one) => one.jobs);
  return jobs === 0 ? 0 : sum(some, ({ missed }) => missed) / jobs;
}

const sum = <Item>(items: readonly Item[], valueOf: (item: Item) => number): number =>
  items.reduce((total, item) => total + valueOf(item), 0);
