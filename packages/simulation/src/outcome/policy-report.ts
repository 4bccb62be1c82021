import { JOB_CLASSES } from '@spillway/core';
import { kilowattHours } from '../power/kilowatt-hours.ts';
import type { ClassReport, PolicyReport, SeriesPoint, TenantReport } from '../report/simulation-report.ts';
import type { Simulation } from '../simulation.ts';
import { LocalBackend } from '../state/local-backend.ts';
import { distributionOf } from './distribution.ts';
import { ENDS, type Outcomes } from './outcomes.ts';

const [COMPLETED, EXPIRED, REJECTED] = [0, 1, 2].map((place) => ENDS.indexOf(ENDS[place] ?? 'completed'));
const MOST_SERIES = 8;

/** What a run came to. */
export function policyReport(
  simulation: Simulation,
  head: { readonly policy: string; readonly seed: number; readonly wallSeconds: number },
): PolicyReport {
  const { cell, backends, series, plans, flips } = simulation;
  const outcomes = cell.outcomes.all();
  const all = Array.from({ length: outcomes.length }, (_, index) => index);
  const startMs = outcomes.arrivedAtMs[0] ?? 0;
  const simulatedMs = Math.max(1, simulation.nowMs - startMs);
  const engines = backends.filter((backend) => backend instanceof LocalBackend);
  const sumOf = (value: (backend: LocalBackend) => number): number =>
    engines.reduce((sum, backend) => sum + value(backend), 0);
  const kwhOf = ({ power, engine }: LocalBackend): number =>
    kilowattHours(power, engine.counters.busyMs, simulatedMs);
  const countOf = (end: number | undefined): number =>
    all.filter((index) => outcomes.end[index] === end).length;
  const cloudJobs = all.filter((index) => outcomes.inCloud[index] === 1).length;
  const promptTokens = sumOf(({ engine }) => engine.counters.promptTokens);
  const slotMs = sumOf(({ slots }) => slots) * simulatedMs;
  let tokens = 0;
  for (const index of all)
    if (outcomes.end[index] === COMPLETED)
      tokens += (outcomes.inputTokens[index] ?? 0) + (outcomes.outputTokens[index] ?? 0);
  return {
    ...head,
    requests: outcomes.length,
    completed: countOf(COMPLETED),
    rejected: countOf(REJECTED),
    expired: countOf(EXPIRED),
    classes: Object.fromEntries(
      JOB_CLASSES.map((jobClass, place) => [
        jobClass,
        classReport(
          outcomes,
          all.filter((index) => outcomes.jobClass[index] === place),
        ),
      ]),
    ),
    pinned: classReport(
      outcomes,
      all.filter((index) => outcomes.pinned[index] === 1),
    ),
    tenants: tenantReports(outcomes, all),
    cloud: {
      jobs: cloudJobs,
      share: outcomes.length === 0 ? 0 : cloudJobs / outcomes.length,
      usd: cell.cloudUsd,
      usdPerHour:
        (cell.cloudUsd * 3_600_000) / Math.max(1, (outcomes.arrivedAtMs[outcomes.length - 1] ?? 0) - startMs),
    },
    energy: { kwh: sumOf(kwhOf), usd: sumOf((backend) => kwhOf(backend) * backend.usdPerKwh) },
    flips,
    engine: {
      preemptions: sumOf(({ engine }) => engine.counters.preemptions),
      prefixHitRate:
        promptTokens === 0 ? 0 : sumOf(({ engine }) => engine.counters.cachedTokens) / promptTokens,
      utilisation: slotMs === 0 ? 0 : sumOf(({ engine }) => engine.counters.sequenceMs) / slotMs,
      tokensPerSecond: (tokens * 1000) / simulatedMs,
    },
    firstToken: seconds(all, (index) => at(outcomes.firstTokenAtMs, index) - at(outcomes.arrivedAtMs, index)),
    predictionError: seconds(all, (index) => at(outcomes.predictionErrorMs, index)),
    simulatedSeconds: simulatedMs / 1000,
    plans,
    series: seriesPoints(outcomes, series.samples),
  };
}

const at = (column: Float64Array, index: number): number => column[index] ?? Number.NaN;

const seconds = (indexes: readonly number[], valueOf: (index: number) => number) =>
  distributionOf(Float64Array.from(indexes, (index) => valueOf(index) / 1000));

const isMissed = (outcomes: Outcomes, index: number): boolean =>
  outcomes.end[index] === EXPIRED ||
  (outcomes.end[index] === COMPLETED && at(outcomes.finishedAtMs, index) > at(outcomes.deadlineAtMs, index));

function classReport(outcomes: Outcomes, indexes: readonly number[]): ClassReport {
  const missed = indexes.filter((index) => isMissed(outcomes, index)).length;
  return {
    jobs: indexes.length,
    missed,
    missedShare: indexes.length === 0 ? 0 : missed / indexes.length,
    cloudJobs: indexes.filter((index) => outcomes.inCloud[index] === 1).length,
    latency: seconds(
      indexes.filter((index) => outcomes.end[index] === COMPLETED),
      (index) => at(outcomes.finishedAtMs, index) - at(outcomes.arrivedAtMs, index),
    ),
    wait: waits(outcomes, indexes),
  };
}

const waits = (outcomes: Outcomes, indexes: readonly number[]) =>
  seconds(indexes, (index) => at(outcomes.beganAtMs, index) - at(outcomes.arrivedAtMs, index));

function tenantReports(outcomes: Outcomes, all: readonly number[]): readonly TenantReport[] {
  const byTenant: number[][] = outcomes.tenants.map(() => []);
  for (const index of all) byTenant[outcomes.tenant[index] ?? 0]?.push(index);
  return outcomes.tenants.map((tenant, place) => {
    const indexes = byTenant[place] ?? [];
    const served = indexes.filter((index) => outcomes.end[index] === COMPLETED);
    return {
      tenant,
      jobs: indexes.length,
      inputTokens: served.reduce((sum, index) => sum + (outcomes.inputTokens[index] ?? 0), 0),
      outputTokens: served.reduce((sum, index) => sum + (outcomes.outputTokens[index] ?? 0), 0),
      missed: indexes.filter((index) => isMissed(outcomes, index)).length,
      wait: waits(outcomes, indexes),
    };
  });
}

function seriesPoints(outcomes: Outcomes, samples: Simulation['series']['samples']): readonly SeriesPoint[] {
  const last = samples.at(-1)?.served ?? [];
  const largest = outcomes.tenants
    .map((tenant, place) => ({ tenant, place, tokens: last[place] ?? 0 }))
    .toSorted((a, b) => b.tokens - a.tokens || a.place - b.place)
    .slice(0, MOST_SERIES);
  return samples.map(({ atMs, served, ...sample }) => ({
    at: atMs / 1000,
    ...sample,
    served: Object.fromEntries(largest.map(({ tenant, place }) => [tenant, served[place] ?? 0])),
  }));
}
