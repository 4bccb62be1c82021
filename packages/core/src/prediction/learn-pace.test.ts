import { assert, double, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { learnPace, paceMs, type Pace, UNKNOWN_PACE } from './learn-pace.ts';

/** After so many seconds in each of which some waited, and so many left. */
const after = (seconds: number, leftEach: number, jobClass: 'standard' | 'batch' = 'standard'): Pace => {
  let pace = UNKNOWN_PACE;
  for (let second = 0; second < seconds; second += 1)
    pace = learnPace(pace, jobClass, { waitedMs: 1000, left: leftEach });
  return pace;
};

/** An hour at half a second, then three minutes at two. */
function slowed(jobClass: 'standard' | 'batch'): number {
  let pace = after(3600, 2, jobClass);
  for (let second = 0; second < 180; second += 1)
    pace = learnPace(pace, jobClass, { waitedMs: 1000, left: 0.5 });
  return paceMs(pace);
}

describe('the pace at which jobs leave the line', () => {
  test('comes to the time between two of them', () => {
    expect(paceMs(after(600, 2))).toBeCloseTo(500, -1);
    expect(paceMs(after(600, 0.25))).toBeCloseTo(4000, -3);
  });

  test('is nothing where nobody had to wait', () => {
    expect(paceMs(UNKNOWN_PACE)).toBe(0);
    expect(paceMs(learnPace(UNKNOWN_PACE, 'standard', { waitedMs: 0, left: 50 }))).toBe(0);
  });

  test('while nobody leaves it grows with every second', () => {
    expect(paceMs(after(10, 0))).toBeGreaterThan(9000);
    expect(paceMs(after(20, 0))).toBeGreaterThan(paceMs(after(10, 0)));
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
        (waitedMs, left) => {
          const ms = paceMs(learnPace(after(5, 1), 'standard', { waitedMs, left }));
          expect(ms).toBeGreaterThanOrEqual(0);
          expect(ms).toBeLessThan(Infinity);
        },
      ),
    );
  });
});
