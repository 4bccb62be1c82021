import type { JobClass } from '@spillway/core';
import type { ClassMix } from '@spillway/simulation';
import type { BenchTable } from '../bench-table.ts';
import { ANSWER_COLUMNS, answerCells } from './load-table.ts';
import type { OverflowAnswer, OverflowAsk } from './overflow-ask.ts';

/** One thing of the setup that is moved while all else stays. */
export interface Sweep {
  readonly title: string;
  readonly column: string;
  readonly points: readonly SweepPoint[];
}

interface SweepPoint {
  readonly name: string;
  readonly ask: Pick<OverflowAsk, 'policy'> & Partial<OverflowAsk>;
}

/** Ours, and beside it the policy whose bill it is measured by. */
const BOTH = ['priority-depth', 'spillway'] as const;

const mixed = (interactive: number, standard: number, batch: number): ClassMix => ({
  interactive: interactive / 100,
  standard: standard / 100,
  batch: batch / 100,
});

const MIXES: readonly (readonly [number, number, number])[] = [
  [80, 15, 5],
  [50, 30, 20],
  [20, 30, 50],
  [10, 80, 10],
];

export const SWEEPS: readonly Sweep[] = [
  marginSweep('interactive', [0, 0.2, 0.35, 0.45, 0.55, 0.65, 0.8]),
  marginSweep('standard', [0, 0.25, 0.5, 0.6, 0.75]),
  {
    title: 'Shares of the classes',
    column: 'Interactive/standard/batch %',
    points: MIXES.flatMap((shares) =>
      BOTH.map((policy) => ({
        name: `${shares.join('/')} ${policy}`,
        ask: { policy, mix: mixed(...shares) },
      })),
    ),
  },
  {
    title: 'Share of pinned jobs',
    column: 'Pinned %',
    points: [0, 0.15, 0.3, 0.5].flatMap((pinned) =>
      BOTH.map((policy) => ({ name: `${100 * pinned} ${policy}`, ask: { policy, pinned } })),
    ),
  },
  {
    title: 'Power limit of the card',
    column: 'Power %',
    points: [50, 70, 100].flatMap((powerLimitPercent) =>
      BOTH.map((policy) => ({ name: `${powerLimitPercent} ${policy}`, ask: { policy, powerLimitPercent } })),
    ),
  },
];

function marginSweep(jobClass: JobClass, margins: readonly number[]): Sweep {
  return {
    title: `Margin of ${jobClass} jobs`,
    column: 'Margin',
    points: margins.map((margin) => ({
      name: String(margin),
      ask: { policy: 'spillway', margin: { [jobClass]: margin } },
    })),
  };
}

/** Its points, each with the answers of all seeds. */
export const sweepTable = (
  { title, column, points }: Sweep,
  answers: readonly (readonly OverflowAnswer[])[],
): BenchTable => ({
  title,
  columns: [column, ...ANSWER_COLUMNS],
  rows: points.map(({ name }, index) => [name, ...answerCells(answers[index] ?? [])]),
});
