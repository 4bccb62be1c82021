import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { type Figure, figure, quantile } from '../report.ts';
import { measureLive } from './measure-live.ts';
import { buildScenario, type PlanScenario } from './plan-scenario.ts';
import { type PlanTimes, timePlan } from './time-plan.ts';

const TIMES = 200;
/** Of the steady tick, one after the other: what neighbours on the host do moves the slowest in a hundred most. */
const ROUNDS = 7;
/** Of ticks as large as these the machine has time for fewer. */
const TIMES_BIG = 40;
const AIM_MS = 5;
const AIM_PER_SECOND = 10_000;
/** From where a tick is one in which everything is free. */
const MANY_SLOTS = 1000;

const STEADY = {
  jobs: 10_000,
  tenants: 1000,
  lanesPerTenant: 2,
  workers: 50,
  freeSlots: 8,
  fresh: 20,
} as const;

/** The steady tick first: its figures are the ones aimed at. */
const SCENARIOS: readonly PlanScenario[] = [
  STEADY,
  { ...STEADY, freeSlots: 0 },
  { ...STEADY, freeSlots: 50 },
  { ...STEADY, freeSlots: 400 },
  { ...STEADY, freeSlots: 2400 },
  { ...STEADY, lanesPerTenant: 1 },
  { ...STEADY, lanesPerTenant: 3 },
  { ...STEADY, fresh: 256 },
  { ...STEADY, workers: 10 },
  { ...STEADY, workers: 100 },
];

/**
 * How long a plan takes, by lanes, workers and free slots; then what a whole tick costs on a real Redis with 1,000,
 * 10,000 and 100,000 jobs waiting, which must not show.
 */
export const planBench: Bench = {
  name: 'plan',
  about: 'the time a plan takes with 10,000 jobs, 1,000 tenants and 50 workers, and what a tick costs Redis',
  runs: 1,
  run: async ({ say, signal, env, show }) => {
    const rows: (readonly string[])[] = [];
    const figures: Figure[] = [];
    for (const scenario of SCENARIOS) {
      const { row, aimed } = await measure(scenario, signal);
      say(row.join(' '));
      rows.push(row);
      figures.push(...aimed);
    }
    show({ title: 'The time of a plan, in ms', columns: COLUMNS, rows, notes: NOTES });
    await using stack = new AsyncDisposableStack();
    const dataDir = stack.adopt(await mkdtemp(join(tmpdir(), 'spillway-bench-')), (dir) =>
      rm(dir, { recursive: true, force: true }),
    );
    figures.push(...(await measureLive({ dataDir, env, say, signal, show }, stack)));
    return figures;
  },
};

const COLUMNS = [
  'lanes',
  'workers',
  'free slots',
  'fresh',
  'assigned',
  'p50',
  'p99',
  'p99 by the clock',
  'µs an assignment',
] as const;

const NOTES = [
  'The first row: medians of seven rounds of 200 plans; the others: one. p50 and p99: by the clock, less the time the thread waited for a CPU that others had. Interactive and standard jobs are in time, so none of them overflows.',
] as const;

async function measure(
  scenario: PlanScenario,
  signal: AbortSignal,
): Promise<{ readonly row: readonly string[]; readonly aimed: readonly Figure[] }> {
  const snapshot = buildScenario(scenario);
  const isBig = scenario.freeSlots >= MANY_SLOTS;
  const rounds: PlanTimes[] = [];
  for (let round = 0; round < (scenario === STEADY ? ROUNDS : 1); round += 1)
    rounds.push(await timePlan(snapshot, isBig ? TIMES_BIG : TIMES, signal));
  const assigned = rounds[0]?.plan.assignments.length ?? 0;
  const { workers, freeSlots, fresh } = scenario;
  const ran = (share: number): readonly number[] => rounds.map(({ ranMs }) => quantile(ranMs, share));
  const p50 = quantile(ran(0.5), 0.5);
  const aimed = [
    ...(scenario === STEADY
      ? [
          figure({ name: 'a steady plan, p50', values: ran(0.5), unit: 'ms' }),
          figure({ name: 'a steady plan, p99', values: ran(0.99), unit: 'ms', aim: { atMost: AIM_MS } }),
        ]
      : []),
    ...(isBig
      ? [
          figure({
            name: 'assignments a second where everything is free',
            values: [(1000 * assigned) / p50],
            unit: '1/s',
            aim: { atLeast: AIM_PER_SECOND },
          }),
        ]
      : []),
  ];
  const wall99 = rounds.map(({ wallMs }) => quantile(wallMs, 0.99));
  const row = [
    ...[snapshot.lanes.length, workers, freeSlots, fresh, assigned].map(String),
    ...[p50, quantile(ran(0.99), 0.5), quantile(wall99, 0.5)].map((ms) => ms.toFixed(2)),
    assigned === 0 ? '' : ((1000 * p50) / assigned).toFixed(0),
  ];
  return { row, aimed };
}
