import { type Figure, figure } from '../report.ts';
import type { ThroughputTurn } from './throughput-side.ts';

/** One run: every side once, in turns. */
export interface ThroughputRun {
  /** Through the store, with the worker's loop. */
  readonly store: ThroughputTurn;
  readonly raw: ThroughputTurn;
  /** Over HTTP, with a simulated engine. */
  readonly http: ThroughputTurn;
}

const RAW = 'raw BullMQ';

/** Jobs a second, and what each one costs in every process. */
export function throughputFigures(runs: readonly ThroughputRun[]): readonly Figure[] {
  const perSecond = (side: keyof ThroughputRun): readonly number[] => runs.map((run) => run[side].perSecond);
  const micros = (side: keyof ThroughputRun, process: string): readonly number[] =>
    runs.map((run) => run[side].micros[process] ?? Number.NaN);
  const beside = (process: string): Figure =>
    figure({
      name: `${process} CPU a job`,
      values: micros('store', process),
      unit: 'µs',
      baseline: { name: RAW, values: micros('raw', process) },
    });
  return [
    figure({
      name: 'submit to settled',
      values: perSecond('store'),
      unit: 'jobs/s',
      baseline: { name: `${RAW} add to done`, values: perSecond('raw') },
      aim: { atLeastOfBaseline: 0.5 },
    }),
    beside('producer'),
    beside('worker'),
    beside('Redis'),
    figure({ name: 'scheduler CPU a job', values: micros('store', 'scheduler'), unit: 'µs' }),
    figure({ name: 'HTTP to simulated engine', values: perSecond('http'), unit: 'jobs/s' }),
    ...['API', 'scheduler', 'worker', 'engine', 'Redis'].map((process) =>
      figure({ name: `over HTTP: ${process} CPU a job`, values: micros('http', process), unit: 'µs' }),
    ),
  ];
}
