import type { BenchTable } from '../bench-table.ts';
import { spread } from '../common/spread.ts';
import { type Figure, figure } from '../report.ts';
import type { TraceAnswer, TraceAsk } from './fairness-ask.ts';
import { PUBLISHED } from './published-fairness.ts';

export interface TraceRow {
  readonly name: string;
  readonly ask: Omit<TraceAsk, 'jitterSeed'>;
}

export interface MeasuredRow extends TraceRow {
  readonly asRecorded: TraceAnswer;
  /** With arrivals moved a little, by seed. */
  readonly moved: readonly TraceAnswer[];
}

const BASELINES = ['fifo', 'lcf', 'vtc', 'vtc-predict', 'vtc-oracle', 'rpm:5', 'rpm:20', 'rpm:30'];
const ON_THE_SAME_FOOTING = "spillway, the engine's admission";
const OWN = 'spillway';

const own = (name: string, rest: Pick<TraceAsk, 'admission' | 'jobClass'>): TraceRow => ({
  name,
  ask: { kind: 'trace', policy: 'spillway', ...rest },
});

/** Everybody of one class, with a day of time: only the fair share is left to decide. */
export const TRACE_ROWS: readonly TraceRow[] = [
  ...BASELINES.map((policy) => ({
    name: policy,
    ask: { kind: 'trace', policy, admission: 'engine', jobClass: 'batch' } as const,
  })),
  own(ON_THE_SAME_FOOTING, { admission: 'engine', jobClass: 'batch' }),
  own(OWN, { admission: 'own', jobClass: 'batch' }),
  own('spillway, class standard', { admission: 'own', jobClass: 'standard' }),
];

export const traceTable = (rows: readonly MeasuredRow[]): BenchTable => ({
  title: 'Service difference on the VTC trace',
  columns: [
    'Policy',
    'Maximum',
    'Average',
    'Tokens a second',
    'Refused',
    'Average, arrivals moved',
    'Published: maximum/average, tokens a second',
  ],
  rows: rows.map(({ name, asRecorded: { max, average, tokensPerSecond, refused }, moved }) => {
    const known = PUBLISHED[name];
    return [
      name,
      max.toFixed(0),
      average.toFixed(0),
      tokensPerSecond.toFixed(0),
      String(refused),
      spread(
        moved.map((answer) => answer.average),
        0,
      ),
      known === undefined
        ? ''
        : `${known.max.toFixed(0)}/${known.average.toFixed(0)}, ${known.tokensPerSecond}`,
    ];
  }),
  notes: [
    'Service difference in tokens (input + 2 x output) a second, by the measure of the VTC artifact over 600 s; less is fairer.',
    'Moved: every arrival by up to a second, one row of chances a seed; how much of a difference is luck.',
  ],
});

/** The aims, on the trace as recorded. */
export function traceFigures(rows: readonly MeasuredRow[]): readonly Figure[] {
  const vtc = PUBLISHED['vtc'];
  return [ON_THE_SAME_FOOTING, OWN].flatMap((name) => {
    const row = rows.find((one) => one.name === name);
    if (row === undefined || vtc === undefined) return [];
    const { average, tokensPerSecond } = row.asRecorded;
    return [
      figure({
        name: `${name}: average service difference`,
        values: [average],
        unit: 'tokens/s',
        baseline: published(vtc.average),
        aim: { atMost: 251 },
      }),
      figure({
        name: `${name}: throughput`,
        values: [tokensPerSecond],
        unit: 'tokens/s',
        baseline: published(vtc.tokensPerSecond),
        aim: { atLeast: 779 },
      }),
    ];
  });
}

const published = (value: number) => ({ name: 'VTC, published', values: [value] });
