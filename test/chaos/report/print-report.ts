import { table } from '@spillway/cli/terminal';
import { FIGURES } from '../checks/violation.ts';
import { describeFault } from '../faults/fault.ts';
import type { ChaosRun } from '../run-chaos.ts';
import type { ChaosReport } from './chaos-report.ts';
import { jobHistory } from './job-history.ts';

/** The report for people. */
export function reportTable(report: ChaosReport): string {
  const {
    runs,
    jobs,
    batches,
    lines,
    faults,
    recovery_seconds: recovery,
    seed,
    failed_seeds: failed,
  } = report;
  const rows = [
    ['runs', String(runs), `seed ${seed}`],
    ['jobs', String(jobs), listed(report.ended)],
    ['batches', String(batches), listed(report.batches_ended)],
    ['lines', String(lines), `${report.rescued_batches} batches were taken over from a worker that was hit`],
    ['faults', String(faults), ''],
    ...FIGURES.map((figure) => [figure, String(report[figure]), report[figure] === 0 ? '' : 'NOT 0']),
    ['recovery', `${recovery.max ?? '-'} s`, `at most; median ${recovery.p50 ?? '-'} s`],
  ];
  const repeat = failed.map((one) => `repeat the failed run: npm run chaos -- --runs 1 --seed ${one}`);
  return ['', table(rows), ...repeat].join('\n');
}

const listed = (counts: Readonly<Partial<Record<string, number>>>): string =>
  Object.entries(counts)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');

/** Of each kind of violation this many jobs are told whole. */
const TOLD = 3;

/** A failed run: its seed, its faults, what was violated, and the whole history of the jobs and batches concerned. */
export function printRun(run: ChaosRun): readonly string[] {
  const told = FIGURES.flatMap((figure) =>
    run.violations.filter((one) => one.figure === figure).slice(0, TOLD),
  );
  const keys = new Set(told.flatMap(({ key }) => key ?? []));
  return [
    `FAILED: seed ${run.seed}; data, logs and history are kept in ${run.dataDir}`,
    ...run.facts.faults.map((fault) => {
      const recovered = run.recoveries.filter((one) => one.fault === fault.number);
      const times = recovered.map(({ how, seconds }) => `${how} ${seconds.toFixed(1)} s`).join(', ');
      return `  fault ${fault.number}: ${describeFault(fault)}${fault.pid === 0 ? ' (missed)' : ''}; ${times}`;
    }),
    ...run.violations.map(({ figure, key, detail }) => `  ${figure}: ${key ?? ''} ${detail}`),
    ...[...keys].flatMap((key) => jobHistory(run, key)),
  ];
}
