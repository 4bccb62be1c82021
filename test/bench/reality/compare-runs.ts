import type { SimulationRun, TraceJob } from '@spillway/simulation';
import { type Figure, figure, quantile } from '../report.ts';
import type { RealJob } from './play-trace.ts';

interface Pair {
  readonly real: RealJob;
  readonly jobClass: string;
  readonly realSeconds: number;
  readonly simulatedSeconds: number;
  readonly simulatedInCloud: boolean;
}

/** Both runs beside each other: job by job, on average, and what each of them had predicted. */
export function compareRuns(
  real: readonly RealJob[],
  trace: readonly TraceJob[],
  run: SimulationRun,
): readonly Figure[] {
  const pairs = pairJobs(real, trace, run);
  const apart = pairs.map(({ realSeconds, simulatedSeconds }) => Math.abs(simulatedSeconds - realSeconds));
  const errors = real
    .map(({ predictionErrorMs }) => predictionErrorMs)
    .filter((error) => error !== undefined)
    .map((error) => Math.abs(error) / 1000);
  const simulatedErrors = Array.from(run.outcomes.predictionErrorMs, (error) => Math.abs(error) / 1000)
    .slice(0, run.outcomes.length)
    .filter((error) => !Number.isNaN(error));
  return [
    figure({ name: 'jobs', values: [pairs.length], unit: '' }),
    figure({ name: 'finish time, simulated and real apart, p50', values: [quantile(apart, 0.5)], unit: 's' }),
    figure({ name: 'finish time, simulated and real apart, p90', values: [quantile(apart, 0.9)], unit: 's' }),
    ...['all', 'interactive', 'standard'].flatMap((jobClass) => {
      const some = pairs.filter((pair) => jobClass === 'all' || pair.jobClass === jobClass);
      const simulated = some.map(({ simulatedSeconds }) => simulatedSeconds);
      const measured = some.map(({ realSeconds }) => realSeconds);
      const named = (what: string) => `latency of ${jobClass}, simulated, ${what}`;
      return [
        figure({ name: named('mean'), values: [mean(simulated)], unit: 's', ...beside([mean(measured)]) }),
        figure({
          name: named('p90'),
          values: [quantile(simulated, 0.9)],
          unit: 's',
          ...beside([quantile(measured, 0.9)]),
        }),
      ];
    }),
    figure({
      name: 'cloud share, simulated',
      values: [100 * mean(pairs.map(({ simulatedInCloud }) => Number(simulatedInCloud)))],
      unit: '%',
      ...beside([100 * mean(real.map(({ inCloud }) => Number(inCloud)))]),
    }),
    figure({
      name: 'jobs that went to the same place',
      values: [100 * mean(pairs.map((pair) => Number(pair.simulatedInCloud === pair.real.inCloud)))],
      unit: '%',
    }),
    ...['interactive', 'standard'].flatMap((jobClass) => {
      const off = pairs
        .filter((pair) => pair.jobClass === jobClass)
        .flatMap(({ real: job }) => promiseOff(job));
      const name = `estimated_finish_at of ${jobClass} when accepted, off by`;
      return ([0.5, 0.9] as const).map((share) =>
        figure({ name: `${name} p${100 * share}`, values: [quantile(off, share)], unit: 's' }),
      );
    }),
    ...([0.5, 0.9] as const).map((share) =>
      figure({
        name: `prediction when dispatched, simulated, off by p${100 * share}`,
        values: [quantile(simulatedErrors, share)],
        unit: 's',
        ...beside([quantile(errors, share)]),
      }),
    ),
  ];
}

/** In seconds; none where nothing was promised. */
const promiseOff = ({ promisedAtMs, finishedAtMs }: RealJob): readonly number[] =>
  promisedAtMs === undefined ? [] : [Math.abs(finishedAtMs - promisedAtMs) / 1000];

const beside = (values: readonly number[]) => ({ baseline: { name: 'real', values } });

/** The simulator was given the jobs by the instant they were accepted. */
function pairJobs(
  real: readonly RealJob[],
  trace: readonly TraceJob[],
  { outcomes }: SimulationRun,
): readonly Pair[] {
  const startMs = Math.min(...real.map(({ acceptedAtMs }) => acceptedAtMs));
  return real
    .map((job, index) => ({ job, atMs: job.acceptedAtMs - startMs, jobClass: trace[index]?.jobClass ?? '' }))
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ job, atMs, jobClass }, index) => ({
      real: job,
      jobClass,
      realSeconds: (job.finishedAtMs - job.acceptedAtMs) / 1000,
      simulatedSeconds: ((outcomes.finishedAtMs[index] ?? Number.NaN) - atMs) / 1000,
      simulatedInCloud: outcomes.inCloud[index] === 1,
    }));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
