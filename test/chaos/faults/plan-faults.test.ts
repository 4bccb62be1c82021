import { describe, expect, test } from 'vitest';
import { seedOfRun } from '../../src/random.ts';
import { FULL_RUN, SHORT_RUN } from '../run-options.ts';
import { type PlannedFault, PROCESSES } from './fault.ts';
import { planFaults } from './plan-faults.ts';

const SEEDS = Array.from({ length: 200 }, (_, index) => seedOfRun(1, index + 1));
const isLong = ({ trouble, lastsMs }: PlannedFault): boolean => trouble.kind === 'stop' && lastsMs > 10_000;
const end = ({ beginsAtMs, lastsMs }: PlannedFault): number => beginsAtMs + lastsMs;

describe.each([
  ['full', FULL_RUN.faults],
  ['short', SHORT_RUN.faults],
])('the faults of a %s run', (_name, options) => {
  test('follow from the seed alone', () => {
    expect(planFaults(7, options)).toEqual(planFaults(7, options));
    expect(planFaults(7, options)).not.toEqual(planFaults(8, options));
  });

  test('are as many as asked for, in order, and none outlasts the load', () => {
    for (const seed of SEEDS) {
      const plan = planFaults(seed, options);
      expect(plan).toHaveLength(options.faults);
      expect(plan.map(({ number }) => number)).toEqual(plan.map((_, index) => index + 1));
      expect(plan.map(({ beginsAtMs }) => beginsAtMs)).toEqual(
        plan.map(({ beginsAtMs }) => beginsAtMs).toSorted((a, b) => a - b),
      );
      expect(plan.filter((fault) => end(fault) > options.loadMs)).toEqual([]);
    }
  });

  test('leave a process that was hit eight seconds, and have at most one long stop at a time', () => {
    for (const seed of SEEDS) {
      const plan = planFaults(seed, options);
      const pairs = plan.flatMap((one, index) => plan.slice(index + 1).map((other) => [one, other] as const));
      const tooSoon = pairs.filter(
        ([one, other]) => one.process === other.process && other.beginsAtMs < end(one) + 8_000,
      );
      const bothLong = pairs.filter(
        ([one, other]) => isLong(one) && isLong(other) && other.beginsAtMs < end(one),
      );
      expect([...tooSoon, ...bothLong]).toEqual([]);
    }
  });
});

test('thirty runs hit every process with kill -9 and SIGSTOP, and play every kind of trouble', () => {
  const faults = SEEDS.slice(0, 30).flatMap((seed) => planFaults(seed, FULL_RUN.faults));
  for (const kind of ['kill', 'stop'] as const) {
    const hit = new Set(faults.filter(({ trouble }) => trouble.kind === kind).map(({ process }) => process));
    expect([...hit].toSorted()).toEqual([...PROCESSES].toSorted());
  }
  expect(new Set(faults.map(({ trouble }) => trouble.kind))).toEqual(
    new Set(['kill', 'terminate', 'stop', 'clock-step', 'misbehave']),
  );
});

test('a run is repeated alone by its own seed', () => {
  const third = seedOfRun(1, 3);
  expect(seedOfRun(third, 1)).toBe(third);
  expect(new Set(SEEDS).size).toBe(SEEDS.length);
});
