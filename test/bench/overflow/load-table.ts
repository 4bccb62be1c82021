import type { BenchTable } from '../bench-table.ts';
import { spread } from '../common/spread.ts';
import type { OverflowAnswer } from './overflow-ask.ts';
import { PUBLISHED } from './published-overflow.ts';

/** Every policy at one load, medians and ranges over seeds; beside an earlier simulation, where that has it. */
export function loadTable(
  load: number,
  byPolicy: ReadonlyMap<string, readonly OverflowAnswer[]>,
  hasEarlier: boolean,
): BenchTable {
  const earlier = (name: string): readonly string[] => {
    const known = PUBLISHED[name];
    if (!hasEarlier) return [];
    if (known === undefined) return [''];
    const { missed, p99InteractiveSeconds, cloudPercent, usdPerHour } = known;
    return [`${missed} %, ${p99InteractiveSeconds} s, ${cloudPercent} %, $${usdPerHour}`];
  };
  return {
    title: `At ${load}x the load`,
    columns: [
      'Policy',
      ...ANSWER_COLUMNS,
      ...(hasEarlier ? ['Earlier simulation: missed, p99, cloud, $ an hour'] : []),
    ],
    rows: Array.from(byPolicy, ([name, answers]) => [name, ...answerCells(answers), ...earlier(name)]),
  };
}

export const ANSWER_COLUMNS = [
  'Interactive missed %',
  'Standard %',
  'Batch %',
  'Pinned missed',
  'p99 interactive s',
  'To the cloud %',
  '$',
  '$ an hour',
  'kWh',
  'Flips',
] as const;

/** The cells of `ANSWER_COLUMNS`, over all seeds. */
export function answerCells(answers: readonly OverflowAnswer[]): readonly string[] {
  const over = (valueOf: (answer: OverflowAnswer) => number, digits: number): string =>
    spread(answers.map(valueOf), digits);
  return [
    over(({ missed }) => 100 * missed.interactive, 2),
    over(({ missed }) => 100 * missed.standard, 2),
    over(({ missed }) => 100 * missed.batch, 2),
    over(({ pinned }) => pinned.missed, 0),
    over(({ p99InteractiveSeconds }) => p99InteractiveSeconds, 1),
    over(({ cloudShare }) => 100 * cloudShare, 1),
    over(({ usd }) => usd, 2),
    over(({ usdPerHour }) => usdPerHour, 2),
    over(({ kwh }) => kwh, 2),
    over(({ flips }) => flips, 0),
  ];
}
