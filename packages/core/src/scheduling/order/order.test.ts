import { assert, boolean, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JOB_CLASSES } from '../../job/state.ts';
import { aJob, aLane } from '../snapshot.fixtures.ts';
import { classFirst } from './class-first.ts';
import { earliestDeadline } from './earliest-deadline.ts';
import { fairShare } from './fair-share.ts';
import { compareContenders, ORDER } from './order.ts';
import type { Contender } from './order-rule.ts';
import { pinnedFirst } from './pinned-first.ts';

interface Traits {
  readonly jobClass?: (typeof JOB_CLASSES)[number];
  readonly pinned?: boolean;
  readonly virtualTokens?: number;
  readonly deadlineAtMs?: number;
  readonly number?: number;
}

const contender = ({
  jobClass = 'standard',
  pinned = false,
  virtualTokens = 0,
  deadlineAtMs = 1000,
  number = 1,
}: Traits): Contender => ({
  lane: aLane([], { jobClass, pinned }),
  job: aJob(number, { deadlineAtMs }),
  virtualTokens,
});

const anyContender = record({
  jobClass: constantFrom(...JOB_CLASSES),
  pinned: boolean(),
  virtualTokens: integer({ min: 0, max: 2 }),
  deadlineAtMs: integer({ min: 0, max: 2 }),
  number: integer({ min: 0, max: 3 }),
}).map(contender);

describe('the order of service', () => {
  test.each([
    ['class', classFirst, { jobClass: 'interactive' }, { jobClass: 'standard' }],
    ['class', classFirst, { jobClass: 'standard' }, { jobClass: 'batch' }],
    ['pin', pinnedFirst, { pinned: true }, { pinned: false }],
    ['fair share', fairShare, { virtualTokens: 1 }, { virtualTokens: 2 }],
    ['deadline', earliestDeadline, { deadlineAtMs: 1 }, { deadlineAtMs: 2 }],
    ['age', earliestDeadline, { number: 1 }, { number: 2 }],
  ] as const)('%s decides, and in both directions', (_name, rule, first, second) => {
    const [a, b] = [contender(first), contender(second)];
    expect(rule.compare(a, b)).toBeLessThan(0);
    expect(rule.compare(b, a)).toBeGreaterThan(0);
    expect(compareContenders(a, b)).toBeLessThan(0);
    expect(compareContenders(b, a)).toBeGreaterThan(0);
  });

  test('class before pin before fair share before deadline before age', () => {
    const loser = { jobClass: 'batch', virtualTokens: 9, deadlineAtMs: 9, number: 9 } as const;
    const ladder: readonly Traits[] = [
      { jobClass: 'interactive', virtualTokens: 9, deadlineAtMs: 9, number: 9 },
      { ...loser, pinned: true },
      { ...loser, virtualTokens: 1 },
      { ...loser, deadlineAtMs: 1 },
      { ...loser, number: 1 },
      loser,
    ];
    const contenders = ladder.map(contender);
    expect(contenders.toReversed().toSorted(compareContenders)).toEqual(contenders);
    expect(ORDER.map(({ name }) => name)).toEqual(['class', 'pinned', 'fair-share', 'deadline']);
  });

  test('a contender and itself are equal, and no two jobs are', () => {
    assert(
      property(anyContender, anyContender, (a, b) => {
        expect(compareContenders(a, a)).toBe(0);
        expect(Math.sign(compareContenders(a, b))).toBe(-Math.sign(compareContenders(b, a)) + 0);
        expect(a.job.id === b.job.id || compareContenders(a, b) !== 0).toBe(true);
      }),
    );
  });

  test('it is an order: what is before the middle is before the end', () => {
    assert(
      property(anyContender, anyContender, anyContender, (a, b, c) => {
        const sorted = [a, b, c].toSorted(compareContenders);
        const [first, , last] = sorted;
        expect(first && last && compareContenders(first, last)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
