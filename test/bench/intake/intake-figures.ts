import { type Figure, figure } from '../report.ts';
import type { IntakeTurn } from './intake-sides.ts';

/** One run: every side once, in turns. */
export interface IntakeRun {
  readonly ours: IntakeTurn;
  /** HTTP and validation alone. */
  readonly bare: IntakeTurn;
  /** BullMQ's `add` alone. */
  readonly raw: IntakeTurn;
  /** HTTP, validation and `add`. */
  readonly both: IntakeTurn;
  readonly oursMany: IntakeTurn;
  readonly bareMany: IntakeTurn;
}

const BARE = 'bare hono + zod';
const RAW = 'raw BullMQ add';
const BOTH = 'hono + zod + BullMQ add';

/** Accepts a second, and what each one costs, beside the baselines. */
export function intakeFigures(
  runs: readonly IntakeRun[],
  { few, many }: { readonly few: number; readonly many: number },
): readonly Figure[] {
  const of = (side: keyof IntakeRun, value: (turn: IntakeTurn) => number): readonly number[] =>
    runs.map((run) => value(run[side]));
  const accepts = { name: `accepts, ${few} at once`, values: of('ours', perSecond), unit: '/s' };
  const baseline = (name: string, side: keyof IntakeRun, value: (turn: IntakeTurn) => number) => ({
    baseline: { name, values: of(side, value) },
  });
  return [
    figure({ ...accepts, ...baseline(BARE, 'bare', perSecond), aim: { atLeastOfBaseline: 0.5 } }),
    figure({ ...accepts, ...baseline(RAW, 'raw', perSecond), aim: { atLeastOfBaseline: 0.8 } }),
    figure({ ...accepts, ...baseline(BOTH, 'both', perSecond) }),
    figure({
      name: `accepts, ${many} at once`,
      values: of('oursMany', perSecond),
      unit: '/s',
      ...baseline(BARE, 'bareMany', perSecond),
    }),
    figure({
      name: `answer p99, ${few} at once`,
      values: of('ours', p99Ms),
      unit: 'ms',
      ...baseline(BOTH, 'both', p99Ms),
    }),
    figure({
      name: 'API CPU an accept',
      values: of('ours', nodeMicros),
      unit: 'µs',
      ...baseline(BARE, 'bare', nodeMicros),
    }),
    figure({
      name: 'API CPU an accept',
      values: of('ours', nodeMicros),
      unit: 'µs',
      ...baseline(BOTH, 'both', nodeMicros),
    }),
    figure({
      name: 'Redis CPU an accept',
      values: of('ours', redisMicros),
      unit: 'µs',
      ...baseline(RAW, 'raw', redisMicros),
    }),
    figure({
      name: `synced calls an accept, ${few} at once`,
      values: of('ours', calls),
      unit: 'calls',
      ...baseline(RAW, 'raw', calls),
    }),
    figure({
      name: `synced calls an accept, ${many} at once`,
      values: of('oursMany', calls),
      unit: 'calls',
    }),
  ];
}

const perSecond = ({ perSecond: value }: IntakeTurn): number => value;
const p99Ms = ({ p99Ms: value }: IntakeTurn): number => value ?? Number.NaN;
const nodeMicros = ({ nodeMicros: value }: IntakeTurn): number => value;
const redisMicros = ({ redisMicros: value }: IntakeTurn): number => value;
const calls = ({ scriptCallsPerAccept: value }: IntakeTurn): number => value;
