import { JOB_CLASSES, type JobClass } from '@spillway/core';
import type { PolicyReport, SimulationReport } from './simulation-report.ts';

/** What one policy came to: means over its seeds. Shares from 0 to 1, lengths in seconds. */
export interface PolicySummary {
  readonly policy: string;
  readonly seeds: number;
  /** By class; classes without a job are left out. */
  readonly missedShare: Readonly<Partial<Record<JobClass, number>>>;
  readonly waitP99: Readonly<Partial<Record<JobClass, number>>>;
  /** Of all jobs. */
  readonly allMissedShare: number;
  readonly pinnedJobs: number;
  readonly pinnedMissed: number;
  readonly cloudShare: number;
  readonly cloudUsd: number;
  readonly usdPerHour: number;
  readonly kwh: number;
  readonly firstTokenP99: number;
  readonly flips: number;
  readonly prefixHitRate: number;
  readonly tokensPerSecond: number;
  /** Jobs nobody could run, and jobs whose deadline passed before they began; they count as missed. */
  readonly unserved: number;
  /** From the lowest to the highest bill of the seeds. */
  readonly usdPerHourRange: readonly [lowest: number, highest: number];
}

/** One row a policy, in the order in which the policies first stand in the report. */
export function summarisePolicies({
  policies,
}: Pick<SimulationReport, 'policies'>): readonly PolicySummary[] {
  const byPolicy = Map.groupBy(policies, ({ policy }) => policy);
  return [...byPolicy].map(([policy, runs]) => {
    const mean = (figure: (run: PolicyReport) => number): number =>
      runs.reduce((sum, run) => sum + figure(run), 0) / runs.length;
    const ofClasses = (figure: (run: PolicyReport, jobClass: JobClass) => number) =>
      Object.fromEntries(
        JOB_CLASSES.filter((name) => runs.some((run) => (run.classes[name]?.jobs ?? 0) > 0)).map((name) => [
          name,
          mean((run) => figure(run, name)),
        ]),
      );
    const bills = runs.map(({ cloud }) => cloud.usdPerHour);
    return {
      policy,
      seeds: runs.length,
      missedShare: ofClasses((run, name) => run.classes[name]?.missedShare ?? 0),
      waitP99: ofClasses((run, name) => run.classes[name]?.wait.p99 ?? 0),
      allMissedShare: mean(missedShareOf),
      pinnedJobs: mean((run) => run.pinned.jobs),
      pinnedMissed: mean((run) => run.pinned.missed),
      cloudShare: mean((run) => run.cloud.share),
      cloudUsd: mean((run) => run.cloud.usd),
      usdPerHour: mean((run) => run.cloud.usdPerHour),
      kwh: mean((run) => run.energy.kwh),
      firstTokenP99: mean((run) => run.firstToken.p99),
      flips: mean((run) => run.flips),
      prefixHitRate: mean((run) => run.engine.prefixHitRate),
      tokensPerSecond: mean((run) => run.engine.tokensPerSecond),
      unserved: mean((run) => run.rejected + run.expired),
      usdPerHourRange: [Math.min(...bills), Math.max(...bills)],
    };
  });
}

function missedShareOf({ classes }: PolicyReport): number {
  const all = Object.values(classes);
  const jobs = all.reduce((sum, one) => sum + one.jobs, 0);
  return jobs === 0 ? 0 : all.reduce((sum, one) => sum + one.missed, 0) / jobs;
}
