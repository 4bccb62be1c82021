import { type Figure, figure, type FigureInput } from '../report.ts';
import type { OverflowAnswer } from './overflow-ask.ts';

type Values = (valueOf: (answer: OverflowAnswer) => number) => readonly number[];

/** Of the depth policies the one that costs less. */
const DEPTH = 'priority-depth';

/** Whether the aims at once the trace's load are met; `expired`: ours, with jobs that end at their deadline. */
export function overflowFigures(
  byPolicy: ReadonlyMap<string, readonly OverflowAnswer[]>,
  expired: readonly OverflowAnswer[],
): readonly Figure[] {
  const ours = of(byPolicy.get('spillway'));
  const depth = of(byPolicy.get(DEPTH));
  const ending = of(expired);
  const beside = (
    name: string,
    unit: string,
    valueOf: (answer: OverflowAnswer) => number,
    aim?: NonNullable<FigureInput['aim']>,
  ): Figure =>
    figure({
      name,
      unit,
      values: ours(valueOf),
      baseline: { name: DEPTH, values: depth(valueOf) },
      ...(aim && { aim }),
    });
  return [
    beside('to the cloud', '%', ({ cloudShare }) => 100 * cloudShare, { atMost: 19 }),
    beside('cloud bill', '$', ({ usd }) => usd, { atMostOfBaseline: 0.5 }),
    beside('interactive missed', '%', ({ missed }) => 100 * missed.interactive, { atMost: 0.7 }),
    beside('standard missed', '%', ({ missed }) => 100 * missed.standard, { atMost: 0.7 }),
    beside('batch missed', '%', ({ missed }) => 100 * missed.batch, { atMost: 0.7 }),
    beside('pinned missed', 'jobs', ({ pinned }) => pinned.missed, { atMost: 0 }),
    beside('of them impossible alone', 'jobs', ({ pinned }) => pinned.impossible),
    beside('of them begun within 1 s', 'jobs', ({ pinned }) => pinned.slow),
    figure({
      name: 'with expiry: interactive missed',
      unit: '%',
      values: ending(({ missed }) => 100 * missed.interactive),
    }),
    figure({
      name: 'with expiry: to the cloud',
      unit: '%',
      values: ending(({ cloudShare }) => 100 * cloudShare),
    }),
    figure({ name: 'with expiry: cloud bill', unit: '$', values: ending(({ usd }) => usd) }),
    figure({
      name: 'with expiry: pinned missed',
      unit: 'jobs',
      values: ending(({ pinned }) => pinned.missed),
    }),
  ];
}

const of =
  (answers: readonly OverflowAnswer[] = []): Values =>
  (valueOf) =>
    answers.map(valueOf);
