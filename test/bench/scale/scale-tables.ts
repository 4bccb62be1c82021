import type { BenchTable } from '../bench-table.ts';
import { spread } from '../common/spread.ts';
import type { ScaleAnswer } from './scale-ask.ts';
import type { Setup } from './setups.ts';

/** One setup at one load, over all seeds. */
export interface ScaleRow {
  readonly setup: Setup;
  readonly load: number;
  readonly answers: readonly ScaleAnswer[];
}

type Column = readonly [name: string, valueOf: (answer: ScaleAnswer) => number, digits: number];

const OUTCOME: readonly Column[] = [
  ['Interactive missed %', ({ missed }) => 100 * missed.interactive, 2],
  ['Standard %', ({ missed }) => 100 * missed.standard, 2],
  ['Batch %', ({ missed }) => 100 * missed.batch, 2],
  ['Pinned missed', ({ pinnedMissed }) => pinnedMissed, 0],
  ['To the cloud %', ({ cloudShare }) => 100 * cloudShare, 1],
  ['Batch jobs there', ({ batchInCloud }) => batchInCloud, 0],
  ['$ an hour a GPU', ({ usdPerHourPerGpu }) => usdPerHourPerGpu, 2],
  ['p99 wait interactive s', ({ p99WaitSeconds }) => p99WaitSeconds, 1],
  ['of the pinned ones', ({ p99WaitPinnedSeconds }) => p99WaitPinnedSeconds, 1],
  ['Missed % of the ten largest tenants', ({ missedByLargest }) => 100 * missedByLargest, 2],
  ['of the others', ({ missedByOthers }) => 100 * missedByOthers, 2],
];

const PLANNING: readonly Column[] = [
  ['Jobs arrive for s', ({ arrivalSeconds }) => arrivalSeconds, 0],
  ['Plans', ({ plans }) => plans, 0],
  ['Most lanes', ({ mostLanes }) => mostLanes, 0],
  ['Plan p50 ms', ({ planMs }) => planMs.p50, 2],
  ['p99 ms', ({ planMs }) => planMs.p99, 2],
  ['Of one core %', ({ planningShare }) => 100 * planningShare, 0],
  ['Seconds to simulate', ({ tookSeconds }) => tookSeconds, 1],
];

export const outcomeTable = (rows: readonly ScaleRow[]): BenchTable => ({
  title: 'Deadlines and the cloud',
  columns: ['Load', 'Engines', 'Policy', ...OUTCOME.map(([name]) => name)],
  rows: rows.map((row) => cells(row, OUTCOME)),
});

export const planningTable = (rows: readonly ScaleRow[]): BenchTable => ({
  title: 'What planning took',
  columns: ['Load', 'Engines', 'Policy', ...PLANNING.map(([name]) => name)],
  rows: rows.map((row) => cells(row, PLANNING)),
  notes: [
    'By the clock, with another simulation beside it. Of one core: all plans, against the simulated time until the last job had ended.',
  ],
});

const cells = ({ setup, load, answers }: ScaleRow, columns: readonly Column[]): readonly string[] => [
  `${load}x`,
  setup.title,
  setup.ask.policy,
  ...columns.map(([, valueOf, digits]) => spread(answers.map(valueOf), digits)),
];
