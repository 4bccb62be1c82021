import type { BenchTable } from '../bench-table.ts';
import { startBenchRedis } from '../common/bench-redis.ts';
import { close } from '../common/close.ts';
import { type Figure, figure, quantile } from '../report.ts';
import { openBenchCell } from '../throughput/open-bench-cell.ts';
import { LIVE, openLiveCell } from './live-cell.ts';
import { openLiveTick, type TickParts } from './live-tick.ts';
import { type TickCost, timeTicks } from './time-ticks.ts';

interface LiveContext {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly show: (table: BenchTable) => void;
}

const SIZES = [
  { backlog: 1000, tenants: 100, ticks: 60 },
  { backlog: 10_000, tenants: 100, ticks: 60 },
  { backlog: 100_000, tenants: 100, ticks: 60 },
  { backlog: 10_000, tenants: 1000, ticks: 20 },
] as const;
/** Jobs that workers end, and clients send, between two ticks: none, as every half second; some; and a burst. */
const FREED = [0, 8, 64] as const;
/** What a tick may cost with the longest backlog, as a share of what it costs with the shortest. */
const AIM_GROWTH = 1.25;

/** What a tick costs with more and more jobs waiting in as many lanes; and once with more lanes. */
export async function measureLive(
  { dataDir, env, say, signal, show }: LiveContext,
  stack: AsyncDisposableStack,
): Promise<readonly Figure[]> {
  const redis = stack.adopt(await startBenchRedis(dataDir, env), close);
  const rows: (readonly string[])[] = [];
  const measured = new Map<string, readonly TickCost[]>();
  for (const { backlog, tenants, ticks } of SIZES) {
    await redis.clear();
    await using opened = new AsyncDisposableStack();
    const store = await openBenchCell(redis.url, opened);
    const cell = openLiveCell(store, tenants);
    const tick = await openLiveTick(store, cell.backends);
    await cell.fill(backlog + cell.slots);
    await cell.beat();
    await untilLookedAt(tick, () => cell.beat(), signal);
    for (const freed of FREED) {
      const costs = await timeTicks(redis, cell, tick, { ticks, freed, signal });
      const row = [String(backlog), String(tenants), ...cellsOf(costs)];
      say(row.join(' '));
      rows.push(row);
      measured.set(`${backlog} ${tenants} ${freed}`, costs);
    }
  }
  show({ title: 'A tick on Redis', columns: COLUMNS, rows, notes: NOTES });
  return FREED.flatMap((freed) => {
    const of = (backlog: number, cost: (tick: TickCost) => number): readonly number[] =>
      (measured.get(`${backlog} 100 ${freed}`) ?? []).map(cost);
    const grown = (what: string, unit: string, cost: (tick: TickCost) => number) => ({
      name: `a tick with 100,000 jobs waiting, ${freed} assigned, ${what}`,
      values: of(100_000, cost),
      unit,
      baseline: { name: '1,000 jobs', values: of(1000, cost) },
    });
    return [
      figure({
        ...grown('commands', '', ({ commands }) => commands),
        aim: { atMostOfBaseline: AIM_GROWTH },
      }),
      figure(grown('Redis', 'µs', ({ scriptMicros }) => scriptMicros)),
    ];
  });
}

/** Until no job is left that no plan has looked at: a tick looks at so many of them, and a steady cell has few. */
async function untilLookedAt(
  tick: () => Promise<TickParts>,
  beat: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let left = 1; left > 0;) {
    signal.throwIfAborted();
    await beat();
    left = (await tick()).fresh;
  }
}

const COLUMNS = [
  'waiting',
  'lanes',
  'assigned',
  'commands',
  'Redis µs',
  'snapshot ms',
  'plan ms',
  'commit ms',
  'commands an assignment',
  'Redis µs an assignment',
] as const;

const NOTES = [
  `Medians of 60 ticks (20 with 1,000 lanes) of one cell with ${LIVE.backends} workers of ${LIVE.slots} slots, every write synced. As many jobs come in as are assigned.`,
  'Commands count those inside scripts; Redis µs is the time it spent in scripts, by its own count.',
] as const;

function cellsOf(costs: readonly TickCost[]): readonly string[] {
  const medianOf = (of: (cost: TickCost) => number): number => quantile(costs.map(of), 0.5);
  const assigned = medianOf(({ assignments }) => assignments);
  const commands = medianOf((cost) => cost.commands);
  const scriptMicros = medianOf((cost) => cost.scriptMicros);
  return [
    String(assigned),
    String(commands),
    String(scriptMicros),
    ...[
      medianOf(({ snapshotMs }) => snapshotMs),
      medianOf(({ planMs }) => planMs),
      medianOf(({ commitMs }) => commitMs),
    ].map((ms) => ms.toFixed(1)),
    assigned === 0 ? '' : (commands / assigned).toFixed(0),
    assigned === 0 ? '' : (scriptMicros / assigned).toFixed(0),
  ];
}
