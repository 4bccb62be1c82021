import { array, assert, double, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadCeiling } from './bounded-load.ts';

describe('the bound on load', () => {
  test('is a multiple of the mean of all candidates, the new job included', () => {
    expect(loadCeiling([1000, 3000], 400, 1.25)).toBe(2750);
    expect(loadCeiling([0, 0, 0, 0], 400, 1)).toBe(100);
    expect(loadCeiling([], 400, 1.25)).toBe(0);
  });

  test('there is always a candidate below it', () => {
    const tokens = integer({ min: 0, max: 1_000_000 });
    const bounds = double({ min: 1, max: 10, noNaN: true });
    assert(
      property(
        array(tokens, { minLength: 1 }),
        integer({ min: 1, max: 100_000 }),
        bounds,
        (held, job, bound) => {
          expect(Math.min(...held)).toBeLessThanOrEqual(loadCeiling(held, job, bound));
        },
      ),
    );
  });
});
