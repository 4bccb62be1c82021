import type { Bench } from '../bench.ts';
import { askChildren } from '../common/ask-children.ts';
import { chunks } from '../common/chunks.ts';
import { type Figure, figure } from '../report.ts';
import type { ScaleAnswer, ScaleAsk } from './scale-ask.ts';
import { outcomeTable, planningTable, type ScaleRow } from './scale-tables.ts';
import { LOADS, type Setup, setupsOf } from './setups.ts';

const REQUESTS = 40_000;
const QUICK_REQUESTS = 10_000;

/**
 * A cell of 100 engines and 1,000 tenants, and what sharing gains: the same jobs on 100 cells of one engine each, which
 * know nothing of each other. Engines, cloud, classes and pins are those of the overflow bench.
 */
export const scale: Bench = {
  name: 'scale',
  about: 'a cell of 100 GPU workers and 1,000 tenants, simulated, beside 100 cells of one',
  runs: 1,
  seeded: true,
  run: async ({ say, signal, seeds, quick, show }) => {
    const setups = setupsOf(quick ? QUICK_REQUESTS : REQUESTS);
    // The longest first: at the end both children have work.
    const variants = Object.values(setups)
      .flatMap((setup) => setup.loads.map((load) => ({ setup, load })))
      .toSorted((a, b) => b.setup.ask.gpus * b.load - a.setup.ask.gpus * a.load);
    const asks = variants.flatMap(({ setup, load }) =>
      seeds.map((seed): ScaleAsk => ({ ...setup.ask, load, seed })),
    );
    let done = 0;
    const answers = await askChildren<ScaleAsk, ScaleAnswer>({
      file: new URL('scale-main.ts', import.meta.url),
      asks,
      signal,
      answered: ({ policy, load, cells, gpus, seed }, { tookSeconds }) => {
        done += 1;
        const where = `${cells} x ${gpus} engines`;
        say(
          `${done} of ${asks.length}: ${policy} on ${where} at ${load}x, seed ${seed}: ${tookSeconds.toFixed(1)} s`,
        );
      },
    });
    const bySeeds = chunks(answers, seeds.length);
    const measured = variants.map((variant, index): ScaleRow => ({
      ...variant,
      answers: bySeeds[index] ?? [],
    }));
    const rows = LOADS.flatMap((load) =>
      Object.values(setups).flatMap((setup) =>
        measured.filter((row) => row.setup === setup && row.load === load),
      ),
    );
    show(outcomeTable(rows));
    show(planningTable(rows.filter(({ setup }) => setup.ask.cells === 1)));
    const of = (setup: Setup, load: number): readonly ScaleAnswer[] =>
      measured.find((row) => row.setup === setup && row.load === load)?.answers ?? [];
    return LOADS.flatMap((load) => figuresAt(load, of(setups.pool, load), of(setups.split, load)));
  },
};

function figuresAt(
  load: number,
  pool: readonly ScaleAnswer[],
  split: readonly ScaleAnswer[],
): readonly Figure[] {
  const beside = (
    name: string,
    unit: string,
    answers: readonly ScaleAnswer[],
    valueOf: (answer: ScaleAnswer) => number,
  ): Figure =>
    figure({
      name: `${load}x: ${name}`,
      unit,
      values: answers.map(valueOf),
      baseline: { name: '100 cells of 1', values: split.map(valueOf) },
    });
  return [
    beside('to the cloud', '%', pool, cloudPercent),
    beside('interactive missed', '%', pool, missedPercent),
    beside('pinned missed', 'jobs', pool, pinnedMissed),
    figure({ name: `${load}x: a plan, p99`, unit: 'ms', values: pool.map(({ planMs }) => planMs.p99) }),
  ];
}

const cloudPercent = ({ cloudShare }: ScaleAnswer): number => 100 * cloudShare;
const missedPercent = ({ missed }: ScaleAnswer): number => 100 * missed.interactive;
const pinnedMissed = ({ pinnedMissed: missed }: ScaleAnswer): number => missed;
