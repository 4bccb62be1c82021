import type { Bench } from '../bench.ts';
import { askChildren } from '../common/ask-children.ts';
import { chunks } from '../common/chunks.ts';
import {
  type AttackAnswers,
  attackFigures,
  attackTables,
  type AttackVariant,
  QUICK_PLAN,
  variantsOf,
  WHOLE_PLAN,
} from './attack-rows.ts';
import type { AttackAnswer, FairnessAnswer, FairnessAsk, TraceAnswer } from './fairness-ask.ts';
import { TRACE_ROWS, traceFigures, traceTable } from './trace-rows.ts';

/**
 * Who is served while there is not enough for all: the trace of the VTC paper on the engine of its artifact, by the
 * measure it publishes; and a victim whose neighbour sends many times its share, from one key or from fifty.
 */
export const fairness: Bench = {
  name: 'fairness',
  about: 'service differences on the VTC trace, and waits under floods and sharded keys',
  runs: 5,
  seeded: true,
  run: async ({ say, signal, seeds, quick, show }) => {
    const plan = quick ? QUICK_PLAN : WHOLE_PLAN;
    const variants = variantsOf(plan);
    const asks: readonly FairnessAsk[] = [
      ...TRACE_ROWS.map(({ ask }) => ask),
      ...TRACE_ROWS.flatMap(({ ask }) => seeds.map((jitterSeed) => ({ ...ask, jitterSeed }))),
      ...variants.flatMap((variant) => seeds.map((seed) => ({ ...variant, seed }))),
    ];
    let done = 0;
    const answers = await askChildren<FairnessAsk, FairnessAnswer>({
      file: new URL('fairness-main.ts', import.meta.url),
      asks,
      signal,
      answered: ({ kind, policy }) => {
        done += 1;
        say(`${done} of ${asks.length}: ${kind}, ${policy}`);
      },
    });
    const ofTrace = answers.filter(({ kind }) => kind === 'trace') as readonly TraceAnswer[];
    const ofAttacks = answers.filter(({ kind }) => kind === 'attack') as readonly AttackAnswer[];
    const moved = chunks(ofTrace.slice(TRACE_ROWS.length), seeds.length);
    const rows = TRACE_ROWS.map((row, index) => ({
      ...row,
      asRecorded: ofTrace[index] as TraceAnswer,
      moved: moved[index] ?? [],
    }));
    const waits = chunks(ofAttacks, seeds.length);
    const byVariant = new Map(variants.map((variant, index) => [keyOf(variant), waits[index] ?? []]));
    const answersOf: AttackAnswers = (variant) => byVariant.get(keyOf(variant)) ?? [];
    show(traceTable(rows));
    for (const shown of attackTables(plan, answersOf)) show(shown);
    return [...traceFigures(rows), ...attackFigures(plan, answersOf)];
  },
};

const keyOf = (variant: AttackVariant): string => JSON.stringify(variant);
