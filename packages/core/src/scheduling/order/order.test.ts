import { assert, boolean, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JOB_CLASSES } from '../../job/state.ts';
import { UNKNOWN_LENGTH } from '../../prediction/output-length.ts';
import type { SchedulingPolicy } from '../policy.ts';
import { aJob, aLane, NOW_MS, POLICY } from '../snapshot.fixtures.ts';
import { classFirst } from './class-first.ts';
import { toContender } from './contender.ts';
import { earliestDeadline } from './earliest-deadline.ts';
import { fairShare } from './fair-share.ts';
import { feasibleFirst } from './feasible-first.ts';
import { compareContenders, ORDER_RULES } from './order.ts';
import type { Contender } from './order-rule.ts';
import { pinnedFirst } from './pinned-first.ts';
import { shorterWork } from './shorter-work.ts';
import { submittedFirst } from './submitted-first.ts';

interface Traits {
  readonly jobClass?: (typeof JOB_CLASSES)[number];
  readonly pinned?: boolean;
  readonly virtualTokens?: number;
  readonly submittedAtMs?: number;
  readonly deadlineAtMs?: number;
  readonly inputTokens?: number;
  readonly shortestMs?: number;
  readonly entitled?: boolean;
  readonly number?: number;
}

/** Nobody is promoted, unless a test says so. */
const policy: SchedulingPolicy = {
  ...POLICY,
  promotion: { interactive: 0, standard: 0, batch: 0 },
  maxWaitMs: { interactive: 1e9, standard: 1e9, batch: 1e9 },
};

const contender = ({
  jobClass = 'standard',
  pinned = false,
  virtualTokens = 0,
  submittedAtMs = NOW_MS,
  deadlineAtMs = NOW_MS + 60_000,
  inputTokens = 100,
  shortestMs = 0,
  entitled = true,
  number = 1,
}: Traits): Contender =>
  toContender(
    aLane([], { jobClass, pinned }),
    aJob(number, { submittedAtMs, deadlineAtMs, inputTokens }),
    { output: UNKNOWN_LENGTH, virtualTokens, shortestMs, entitled },
    { nowMs: NOW_MS, policy },
  );

/** A standard job of one second as it stands at an instant. */
const standardAt = (nowMs: number, changes: Partial<SchedulingPolicy>): Contender =>
  toContender(
    aLane([], { jobClass: 'standard' }),
    aJob(1, { submittedAtMs: 0, deadlineAtMs: 1000 }),
    { output: UNKNOWN_LENGTH, virtualTokens: 0, shortestMs: 0, entitled: true },
    { nowMs, policy: { ...policy, ...changes } },
  );

const anyContender = record({
  jobClass: constantFrom(...JOB_CLASSES),
  pinned: boolean(),
  virtualTokens: integer({ min: 0, max: 2 }),
  deadlineAtMs: integer({ min: NOW_MS, max: NOW_MS + 2 }),
  inputTokens: integer({ min: 1, max: 2 }),
  shortestMs: integer({ min: 0, max: 2 }),
  number: integer({ min: 0, max: 3 }),
}).map(contender);

describe('the order of service', () => {
  test.each([
    ['class', classFirst, { jobClass: 'interactive' }, { jobClass: 'standard' }],
    ['class', classFirst, { jobClass: 'standard' }, { jobClass: 'batch' }],
    ['what can be in time', feasibleFirst, { shortestMs: 60_000 }, { shortestMs: 60_001 }],
    ['pin', pinnedFirst, { pinned: true }, { pinned: false }],
    ['fair share', fairShare, { virtualTokens: 1 }, { virtualTokens: 2 }],
    ['deadline', earliestDeadline, { deadlineAtMs: NOW_MS + 1 }, { deadlineAtMs: NOW_MS + 2 }],
    ['shorter work', shorterWork, { inputTokens: 1 }, { inputTokens: 2 }],
    ['age', submittedFirst, { submittedAtMs: NOW_MS - 1 }, { submittedAtMs: NOW_MS }],
  ] as const)('%s decides, and in both directions', (_name, rule, first, second) => {
    const [a, b] = [contender(first), contender(second)];
    expect(rule.key(a)).toBeLessThan(rule.key(b));
    expect(compareContenders(a, b)).toBeLessThan(0);
    expect(compareContenders(b, a)).toBeGreaterThan(0);
  });

  test('class before what can be in time before pin before fair share before deadline before shorter work before age', () => {
    const loser = {
      jobClass: 'batch',
      virtualTokens: 9,
      deadlineAtMs: NOW_MS + 9,
      inputTokens: 900,
      shortestMs: 10,
      number: 9,
    } as const;
    const ladder: readonly Traits[] = [
      { ...loser, jobClass: 'interactive' },
      { ...loser, shortestMs: 0 },
      { ...loser, pinned: true },
      { ...loser, virtualTokens: 1 },
      { ...loser, deadlineAtMs: NOW_MS + 1 },
      { ...loser, inputTokens: 1 },
      { ...loser, submittedAtMs: NOW_MS - 1 },
      { ...loser, number: 1 },
      loser,
    ];
    const contenders = ladder.map(contender);
    expect(contenders.toReversed().toSorted(compareContenders)).toEqual(contenders);
    expect(ORDER_RULES).toEqual([
      'class',
      'feasible',
      'pinned',
      'fair-share',
      'deadline',
      'shorter-work',
      'submitted',
    ]);
  });

  test('a job with less than its share of time left competes as an interactive one', () => {
    const promotion = { ...policy.promotion, standard: 0.6 };
    expect(standardAt(400, { promotion })).toMatchObject({ competesAs: 'standard' });
    expect(standardAt(401, { promotion })).toMatchObject({ competesAs: 'interactive' });
  });

  test('what would be late even if it began now lets those go first that need not be, pinned or not', () => {
    expect(contender({ shortestMs: 60_001 })).toMatchObject({ hopeless: true });
    expect(
      compareContenders(contender({ shortestMs: 60_001, pinned: true }), contender({ number: 2 })),
    ).toBeGreaterThan(0);
  });

  test('a job past its ageing bound goes with the pinned ones, and by the end of that bound', () => {
    const maxWaitMs = { ...policy.maxWaitMs, standard: 100 };
    const [young, aged] = [standardAt(100, { maxWaitMs }), standardAt(101, { maxWaitMs })];
    expect(young).toMatchObject({ aged: false, effectiveDeadlineAtMs: 100 });
    expect(aged).toMatchObject({ aged: true, effectiveDeadlineAtMs: 100 });
    expect(pinnedFirst.key(aged)).toBe(pinnedFirst.key(contender({ pinned: true })));
    expect(pinnedFirst.key(aged)).toBeLessThan(pinnedFirst.key(young));
  });

  test('whoever had more than its share gains no place by hurry, patience or a pin', () => {
    const impatient = {
      ...policy,
      promotion: { ...policy.promotion, standard: 1 },
      maxWaitMs: { ...policy.maxWaitMs, standard: 1 },
    };
    const job = aJob(1, { submittedAtMs: 0, deadlineAtMs: 1000 });
    const claim = { output: UNKNOWN_LENGTH, virtualTokens: 0, shortestMs: 0, entitled: false };
    const greedy = toContender(aLane([], { pinned: true }), job, claim, { nowMs: 999, policy: impatient });
    expect(greedy).toMatchObject({ competesAs: 'standard', aged: false });
    expect(pinnedFirst.key(greedy)).toBe(pinnedFirst.key(contender({})));
    expect(pinnedFirst.key(greedy)).toBeGreaterThan(pinnedFirst.key(contender({ pinned: true })));
  });

  test('what a rule makes of a job is a finite number', () => {
    assert(property(anyContender, ({ keys }) => keys.every((key) => Number.isFinite(key))));
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
