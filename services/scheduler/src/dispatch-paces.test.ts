import type { JobView, LaneView, Plan, Snapshot } from '@spillway/core';
import { aJob, aLane } from '@spillway/planning/testing';
import { describe, expect, test } from 'vitest';
import { createDispatchPaces, type DispatchPaces } from './dispatch-paces.ts';

const GROUP = aLane([]).modelGroup;
const FORECAST = { modelGroup: GROUP, jobMs: 10, residenceMs: 4000 };

const TEN = Array.from({ length: 10 }, (_, index) => aJob(index + 1));

/** One tick: so many jobs wait in a lane, of which these are planned, and these of them left. */
function tick(
  paces: DispatchPaces,
  nowMs: number,
  depth: number,
  planned: readonly JobView[],
  left: readonly JobView[] = planned,
  changes: Partial<LaneView> = {},
): void {
  const lane = { ...aLane(planned), ...changes, depth };
  const snapshot = {
    nowMs,
    lanes: depth === 0 ? [] : [lane],
    modelGroups: new Map([[GROUP, [GROUP]]]),
  } as unknown as Snapshot;
  const plan = { assignments: planned.map((job) => ({ job, lane })) } as unknown as Plan;
  paces.note(
    snapshot,
    plan,
    left.map(({ id }) => ({ jobId: id })),
  );
}

const paceOf = (paces: DispatchPaces, jobClass: 'interactive' | 'standard' = 'standard'): number =>
  paces.tell([FORECAST])[0]?.paceMs?.[jobClass] ?? Number.NaN;

describe('the pace of a class', () => {
  test('is the time between jobs that left while others waited', () => {
    const paces = createDispatchPaces();
    for (let at = 0; at <= 120_000; at += 500) tick(paces, at, 50, [aJob(1)]);
    expect(paceOf(paces)).toBeGreaterThan(450);
    expect(paceOf(paces)).toBeLessThan(550);
    expect(paceOf(paces, 'interactive')).toBe(0);
  });

  test('counts no time in which nobody waited', () => {
    const paces = createDispatchPaces();
    for (let at = 0; at <= 120_000; at += 500) tick(paces, at, 1, [aJob(1)]);
    expect(paceOf(paces)).toBe(0);
  });

  test('counts no job that the store refused', () => {
    const [one, other] = [createDispatchPaces(), createDispatchPaces()];
    for (let at = 0; at <= 10_000; at += 500) {
      tick(one, at, 50, [aJob(1)]);
      tick(other, at, 50, [aJob(1), aJob(2)], [aJob(2)]);
    }
    expect(paceOf(other)).toBe(paceOf(one));
  });

  test('counts no time that nobody saw: another led, or the store was away', () => {
    const paces = createDispatchPaces();
    tick(paces, 0, 50, []);
    tick(paces, 3_600_000, 50, TEN);
    expect(paceOf(paces)).toBe(0);
    tick(paces, 3_600_500, 50, TEN);
    expect(paceOf(paces)).toBe(50);
  });

  test('of an engine that was slow is nothing an hour after, and nothing to another leader', () => {
    const paces = createDispatchPaces();
    const slow = (from: number): void => {
      for (let at = from; at <= from + 60_000; at += 5000) tick(paces, at, 50, [aJob(1), aJob(2)]);
      expect(paceOf(paces)).toBeGreaterThan(2000);
    };
    slow(0);
    for (let at = 60_500; at <= 3_600_000; at += 500) tick(paces, at, 1, [aJob(1)]);
    expect(paceOf(paces)).toBe(0);
    slow(3_600_500);
    paces.clear();
    expect(paceOf(paces)).toBe(0);
  });

  test('of a group that is served no more is forgotten', () => {
    const paces = createDispatchPaces();
    for (let at = 0; at <= 5000; at += 500) tick(paces, at, 50, TEN);
    expect(paceOf(paces)).toBeGreaterThan(0);
    paces.note(
      { nowMs: 5500, lanes: [], modelGroups: new Map() } as unknown as Snapshot,
      { assignments: [] } as unknown as Plan,
      [],
    );
    expect(paceOf(paces)).toBe(0);
  });
});
