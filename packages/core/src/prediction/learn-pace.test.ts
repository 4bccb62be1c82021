import { assert, double, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { learnPace, paceMs, type Pace, UNKNOWN_PACE } from './learn-pace.ts';

/** So many left in this time, and others waited. */
const waited = (passedMs: number, left: number) => ({ passedMs, othersWaited: true, left });

/** After so many seconds in each of which some waited, and so many left. */
const after = (seconds: number, leftEach: number, jobClass: 'standard' | 'batch' = 'standard'): Pace => {
  let pace = UNKNOWN_PACE;
  for (let second = 0; second < seconds; second += 1)
    pace = learnPace(pace, jobClass, waited(1000, leftEach));
  return pace;
};

/** An hour at half a second, then three minutes at two. */
function slowed(jobClass: 'standard' | 'batch'): number {
  let pace = after(3600, 2, jobClass);
  for (let second = 0; second < 180; second += 1) pace = learnPace(pace, jobClass, waited(1000, 0.5));
  return paceMs(pace);
}

describe('the pace at which jobs leave the line', () => {
  test('comes to the time between two of them', () => {
    expect(paceMs(after(600, 2))).toBeCloseTo(500, 0);
    expect(paceMs(after(600, 0.25))).toBeCloseTo(4000, 0);
  });

  test('is nothing where nobody had to wait, nor where too few left', () => {
    expect(paceMs(UNKNOWN_PACE)).toBe(0);
    const idle = { passedMs: 1000, othersWaited: false, left: 50 };
    expect(paceMs(learnPace(UNKNOWN_PACE, 'standard', idle))).toBe(0);
    expect(paceMs(after(7, 1))).toBe(0);
    expect(paceMs(after(60, 0))).toBe(0);
  });

  test('fades once nobody waits: what was slow an hour ago says nothing now', () => {
    const slow = after(600, 0.25);
    expect(paceMs(slow)).toBeGreaterThan(3000);
    const later = learnPace(slow, 'standard', { passedMs: 600_000, othersWaited: false, left: 40 });
    expect(paceMs(later)).toBe(0);
  });

  test('the latest minute counts, of batch work the latest half hour', () => {
    expect(slowed('standard')).toBeGreaterThan(1500);
    expect(slowed('batch')).toBeLessThan(600);
  });

  test('is a time, whatever happens', () => {
    assert(
      property(
        double({ min: 0, max: 1e12, noNaN: true }),
        integer({ min: 0, max: 1e6 }),
        (passedMs, left) => {
          const ms = paceMs(learnPace(after(20, 1), 'standard', waited(passedMs, left)));
          expect(ms).toBeGreaterThanOrEqual(0);
          expect(ms).toBeLessThan(Infinity);
        },
      ),
    );
  });
});
