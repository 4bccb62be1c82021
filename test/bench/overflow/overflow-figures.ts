import { type Figure, figure, type FigureInput } from '../report.ts';
import type { OverflowAnswer, PinnedMisses } from './overflow-ask.ts';

type Values = (valueOf: (answer: OverflowAnswer) => number) => readonly number[];

/** It costs what `depth` does, and misses less. */
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
  /** Of all seeds together: a median would hide the one. */
  const all = (
    name: string,
    valueOf: (pinned: PinnedMisses) => number,
    aim?: NonNullable<FigureInput['aim']>,
  ): Figure =>
    figure({
      name: `all seeds: ${name}`,
      unit: 'jobs',
      values: [sum(ours(({ pinned }) => valueOf(pinned)))],
      baseline: { name: DEPTH, values: [sum(depth(({ pinned }) => valueOf(pinned)))] },
      ...(aim && { aim }),
    });
  return [
    beside('to the cloud', '%', ({ cloudShare }) => 100 * cloudShare, { atMost: 19 }),
    beside('cloud bill', '$', ({ usd }) => usd, { atMostOfBaseline: 0.5 }),
    beside('interactive missed', '%', ({ missed }) => 100 * missed.interactive, { atMost: 0.7 }),
    beside('standard missed', '%', ({ missed }) => 100 * missed.standard, { atMost: 0.7 }),
    beside('batch missed', '%', ({ missed }) => 100 * missed.batch, { atMost: 0.7 }),
    all('pinned missed', ({ missed }) => missed, { atMost: 0 }),
    all('of them interactive', ({ missedInteractive }) => missedInteractive),
    all('of them impossible alone', ({ impossible }) => impossible),
    all('of them begun within 1 s', ({ slow }) => slow),
    all('pinned', ({ jobs }) => jobs),
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
      name: 'with expiry, all seeds: pinned missed',
      unit: 'jobs',
      values: [sum(ending(({ pinned }) => pinned.missed))],
    }),
  ];
}

const of =
  (answers: readonly OverflowAnswer[] = []): Values =>
  (valueOf) =>
    answers.map(valueOf);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
