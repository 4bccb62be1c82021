import type { JobStatus } from '@spillway/contracts';
import type { BatchStatus } from '@spillway/core';
import { type Figure, FIGURES } from '../checks/violation.ts';
import type { ChaosRun } from '../run-chaos.ts';

/** What `--json` prints. */
export interface ChaosReport extends Readonly<Record<Figure, number>> {
  readonly runs: number;
  readonly jobs: number;
  readonly ended: Readonly<Partial<Record<JobStatus, number>>>;
  readonly batches: number;
  /** Of all batches, in their result files. */
  readonly lines: number;
  readonly batches_ended: Readonly<Partial<Record<BatchStatus, number>>>;
  /** Batches whose worker died or was stopped in the middle of a turn, and that another one took. */
  readonly rescued_batches: number;
  readonly faults: number;
  /** null when a probe was never done, or nothing was measured. */
  readonly recovery_seconds: { readonly p50: number | null; readonly max: number | null };
  readonly seed: number;
  /** Each can be repeated alone: `--runs 1 --seed …`. */
  readonly failed_seeds: readonly number[];
}

/** Sums up runs as counts that should all be 0, and how long recovery took. */
export function reportOf(runs: readonly ChaosRun[], seed: number): ChaosReport {
  const violations = runs.flatMap((run) => run.violations);
  const finals = runs.flatMap(({ facts }) => facts.jobs.flatMap((job) => job.finals));
  const seconds = runs.flatMap(({ recoveries }) => recoveries.map((recovery) => recovery.seconds));
  const counts = Object.fromEntries(
    FIGURES.map((figure) => [figure, violations.filter((one) => one.figure === figure).length]),
  ) as Record<Figure, number>;
  const batches = runs.flatMap(({ facts }) => facts.batches.flatMap((batch) => batch.finals));
  return {
    runs: runs.length,
    jobs: finals.length,
    ...counts,
    recovery_seconds: { p50: rounded(quantile(seconds, 0.5)), max: rounded(quantile(seconds, 1)) },
    seed,
    ended: countBy(finals.map(({ status }) => status)),
    batches: batches.length,
    lines: batches.reduce((sum, { results }) => sum + results.output.length + results.errors.length, 0),
    batches_ended: countBy(batches.map(({ batch }) => batch.status)),
    rescued_batches: runs.reduce((sum, { facts }) => sum + facts.rescuedBatches, 0),
    faults: runs.reduce((sum, { facts }) => sum + facts.faults.filter(({ pid }) => pid > 0).length, 0),
    failed_seeds: runs.filter((run) => run.violations.length > 0).map((run) => run.seed),
  };
}

/** Whether every count is 0 and every probe was done. */
export const isGood = (report: ChaosReport): boolean =>
  FIGURES.every((figure) => report[figure] === 0) && report.recovery_seconds.max !== null;

function countBy<Status extends string>(statuses: readonly Status[]): Partial<Record<Status, number>> {
  const counts: Partial<Record<Status, number>> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

const rounded = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : Math.round(value * 100) / 100;
