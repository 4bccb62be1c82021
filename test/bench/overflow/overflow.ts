import { DEFAULT_MIX } from '@spillway/simulation';
import type { Bench } from '../bench.ts';
import { askChildren } from '../common/ask-children.ts';
import { chunks } from '../common/chunks.ts';
import type { OverflowAnswer, OverflowAsk } from './overflow-ask.ts';
import { overflowFigures } from './overflow-figures.ts';
import { loadTable } from './load-table.ts';
import { SWEEPS, type Sweep, sweepTable } from './sweeps.ts';

const POLICIES = [
  'fifo',
  'depth',
  'hysteresis',
  'priority',
  'priority-depth',
  'priority-hysteresis',
  'edf',
  'spillway:local',
  'spillway:depth',
  'spillway',
] as const;
const LOADS = [0.75, 1, 1.5, 2] as const;

/** The load of the earlier simulation that stands beside ours. */
const EARLIER_LOAD = 1;
const DEFAULTS = {
  load: EARLIER_LOAD,
  mix: DEFAULT_MIX,
  pinned: 0.15,
  powerLimitPercent: 100,
  late: 'run',
} as const;

/**
 * When jobs go to the cloud, and what that costs: the Azure conversation trace on one RTX 4090 and a cloud, half of it
 * interactive (30 s), three tenths standard (5 min), the rest batch (24 h), and 15 % of all pinned to local hardware.
 */
export const overflow: Bench = {
  name: 'overflow',
  about: 'deadlines kept and money spent on the Azure conversation trace, beside nine policies',
  runs: 4,
  seeded: true,
  run: async ({ say, signal, seeds, quick, show }) => {
    const loads = quick ? [EARLIER_LOAD] : LOADS;
    const sweeps: readonly Sweep[] = quick ? [] : SWEEPS;
    const grid = loads.flatMap((load) => POLICIES.map((policy) => ({ ...DEFAULTS, load, policy })));
    const expiring = { ...DEFAULTS, policy: 'spillway', late: 'expire' } as const;
    const variants: readonly Omit<OverflowAsk, 'seed'>[] = [
      ...grid,
      expiring,
      ...sweeps.flatMap(({ points }) => points.map(({ ask }) => ({ ...DEFAULTS, ...ask }))),
    ];
    const asks = variants.flatMap((variant) => seeds.map((seed) => ({ ...variant, seed })));
    let done = 0;
    const answers = await askChildren<OverflowAsk, OverflowAnswer>({
      file: new URL('overflow-main.ts', import.meta.url),
      asks,
      signal,
      answered: ({ policy, load, seed }) => {
        done += 1;
        say(`${done} of ${asks.length}: ${policy} at ${load}x, seed ${seed}`);
      },
    });
    const bySeeds = chunks(answers, seeds.length);
    const byLoad = loads.map((load, row) => ({
      load,
      byPolicy: new Map(
        POLICIES.map((policy, column) => [policy, bySeeds[row * POLICIES.length + column] ?? []] as const),
      ),
    }));
    const expired = bySeeds[grid.length] ?? [];
    for (const { load, byPolicy } of byLoad) show(loadTable(load, byPolicy, load === EARLIER_LOAD));
    let from = grid.length + 1;
    for (const sweep of sweeps) {
      show(sweepTable(sweep, bySeeds.slice(from, from + sweep.points.length)));
      from += sweep.points.length;
    }
    const atEarlierLoad = byLoad.find(({ load }) => load === EARLIER_LOAD);
    return overflowFigures(atEarlierLoad?.byPolicy ?? new Map(), expired);
  },
};
