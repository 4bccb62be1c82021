import {
  type Arbitrary,
  array,
  assert,
  boolean,
  constantFrom,
  double,
  integer,
  oneof,
  property,
  record,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLastChance, MAX_RESCUES } from '../job/rescue.ts';
import { isTerminal, JOB_CLASSES } from '../job/state.ts';
import { createSim, type Death, type Sim, type SimJob, type SimSpec } from './rescue-sim.fixtures.ts';
import { tenantId } from './snapshot.fixtures.ts';

const [a, b] = [tenantId('tenant-a'), tenantId('tenant-b')];
const EQUAL = new Map([
  [a, 1],
  [b, 1],
]);
const deaths: Arbitrary<Death> = constantFrom('worker', 'engine');
const jitters = array(double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
  minLength: 1,
  maxLength: 8,
});
const backendIndex = integer({ min: 0, max: 2 });

type Step = (sim: Sim) => unknown;
const living: Arbitrary<Step> = oneof(
  constantFrom<Step>((sim) => sim.schedule()),
  record({ index: backendIndex, most: integer({ min: 1, max: 6 }) }).map<Step>(
    ({ index, most }) =>
      (sim) =>
        sim.claim(index, most),
  ),
  record({ index: backendIndex, death: deaths }).map<Step>(
    ({ index, death }) =>
      (sim) =>
        sim.work(index, death),
  ),
);
const striking: Arbitrary<Step> = record({ index: backendIndex, death: deaths }).map<Step>(
  ({ index, death }) =>
    (sim) =>
      sim.strike(index, death),
);

/** The drawn numbers, over and over. */
function repeating(numbers: readonly number[]): () => number {
  let drawn = 0;
  return () => numbers[drawn++ % numbers.length] ?? 0;
}

describe('one poison job among innocent ones', () => {
  const innocents: Arbitrary<SimSpec> = record({
    tenantId: constantFrom(a, b),
    jobClass: constantFrom(...JOB_CLASSES),
    inputTokens: integer({ min: 1, max: 500 }),
    ticks: integer({ min: 1, max: 8 }),
    poison: constantFrom(false),
  });
  const cells = record({
    slots: array(integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
    before: array(innocents, { maxLength: 12 }),
    poison: innocents.map((spec) => ({ ...spec, poison: true })),
    after: array(innocents, { maxLength: 12 }),
    jitter: jitters,
    steps: array(living, { maxLength: 80 }),
    death: deaths,
  });

  /** Any interleaving, then regular rounds until all has ended, or until somebody can be said to starve. */
  const play = (check: (sim: Sim) => void) => {
    assert(
      property(cells, ({ slots, before, poison, after, jitter, steps, death }) => {
        const sim = createSim({ slots, maxRescues: MAX_RESCUES, weights: EQUAL, jitter: repeating(jitter) });
        for (const spec of [...before, poison, ...after]) sim.submit(spec);
        for (const step of steps) {
          step(sim);
          check(sim);
        }
        // One after the other, each three times with the longest backoff between, is the slowest there could be.
        const mostRounds = sim.jobs.reduce((sum, { ticks }) => sum + MAX_RESCUES * (ticks + 30), 0);
        for (let round = 0; round < mostRounds && !sim.jobs.every(hasEnded); round += 1) {
          sim.schedule();
          for (const index of slots.keys()) {
            sim.claim(index, Infinity);
            sim.work(index, death);
          }
          check(sim);
        }
        expect(sim.jobs.filter((job) => !hasEnded(job))).toEqual([]);
        check(sim);
      }),
      { numRuns: 300 },
    );
  };

  test('fails, and no innocent job does, whatever the interleaving; none is kept waiting for ever', () => {
    play((sim) => {
      for (const { poison, life } of sim.jobs.filter(hasEnded))
        expect(life.state.kind).toBe(poison ? 'failed' : 'completed');
    });
  });

  test('fails after as many deaths as are allowed, and never runs beside another on its last chance', () => {
    play((sim) => {
      for (const { poison, life } of sim.jobs)
        expect(life.rescues === MAX_RESCUES).toBe(poison && hasEnded({ life }));
      const suspects = sim.jobs
        .filter(({ life }) => isLastChance(life.rescues, MAX_RESCUES))
        .flatMap(placeOf);
      expect(new Set(suspects).size).toBe(suspects.length);
    });
  });
});

describe('rescues by chance', () => {
  const specs: Arbitrary<SimSpec> = record({
    tenantId: constantFrom(a, b),
    jobClass: constantFrom('standard' as const),
    inputTokens: integer({ min: 1, max: 500 }),
    ticks: integer({ min: 1, max: 4 }),
    poison: constantFrom(false),
  });
  const cells = record({
    slots: array(integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 }),
    specs: array(specs, { minLength: 30, maxLength: 60 }),
    heavy: boolean(),
    jitter: jitters,
    steps: array(oneof({ weight: 6, arbitrary: living }, { weight: 1, arbitrary: striking }), {
      maxLength: 120,
    }),
  });

  /** Plays with no limit to rescues, so that nothing but order and fairness decides, and looks after each step. */
  const play = (
    check: (sim: Sim, weights: ReadonlyMap<typeof a, number>) => void,
    around: (sim: Sim, step: Step) => void = (sim, step) => {
      step(sim);
    },
  ) => {
    assert(
      property(cells, ({ slots, specs: drawn, heavy, jitter, steps }) => {
        const weights = new Map([
          [a, 1],
          [b, heavy ? 3 : 1],
        ]);
        const sim = createSim({ slots, maxRescues: Infinity, weights, jitter: repeating(jitter) });
        for (const spec of drawn) sim.submit(spec);
        for (const step of steps) {
          // Fairness is between those who want more than they get.
          around(sim, step);
          if (sim.lanes().length < weights.size) break;
          check(sim, weights);
        }
      }),
      { numRuns: 300 },
    );
  };

  test('cost no job its rank: what a plan gives of a lane is its beginning, rescued jobs first', () => {
    play(
      () => undefined,
      (sim, step) => {
        const ready = sim.lanes();
        const made = step(sim);
        if (made === undefined) return;
        const given = new Set(
          sim.jobs.filter(({ life }) => life.state.kind === 'dispatched').map(({ view }) => view.id),
        );
        for (const { head } of ready) {
          const taken = head.map(({ id }) => given.has(id));
          expect(taken).toEqual(taken.toSorted((x, y) => Number(y) - Number(x)));
          expect(head.map(({ id }) => id)).toEqual(head.map(({ id }) => id).toSorted());
        }
      },
    );
  });

  test('are charged to the tenant whose jobs they are: both are charged alike, within one job', () => {
    play((sim) => {
      const most = Math.max(...sim.jobs.map(({ inputTokens }) => inputTokens));
      const [ofA, ofB] = [sim.charged.get(a) ?? 0, sim.charged.get(b) ?? 0];
      expect(Math.abs(ofA - ofB)).toBeLessThanOrEqual(most + ROUNDING);
    });
  });

  test('set tenants apart by no more than the tokens that were lost, those held and one job', () => {
    play((sim, weights) => {
      const share = (id: typeof a, countOf: (life: SimJob['life']) => number): number =>
        sim.jobs
          .filter(({ tenantId: of }) => of === id)
          .reduce((sum, { life, inputTokens }) => sum + countOf(life) * inputTokens, 0) /
        (weights.get(id) ?? 1);
      const apart = (countOf: (life: SimJob['life']) => number): number =>
        Math.abs(share(a, countOf) - share(b, countOf));
      const most = Math.max(...sim.jobs.map(({ inputTokens }) => inputTokens));
      expect(apart(completed)).toBeLessThanOrEqual(most + apart(held) + apart(lost) + ROUNDING);
    });
  });
});

const hasEnded = ({ life }: Pick<SimJob, 'life'>): boolean => isTerminal(life.state.kind);

const placeOf = ({ life: { state } }: SimJob): readonly string[] =>
  state.kind === 'dispatched' || state.kind === 'running' ? [state.backendId] : [];

const completed = ({ state }: SimJob['life']): number => Number(state.kind === 'completed');
const held = ({ state }: SimJob['life']): number =>
  Number(state.kind === 'dispatched' || state.kind === 'running');
/** Dispatches that came to nothing. */
const lost = ({ state, fence }: SimJob['life']): number => (state.kind === 'queued' ? fence : fence - 1);
/** Thirds of tokens are added in another order than they were charged in. */
const ROUNDING = 1e-6;
