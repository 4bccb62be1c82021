import { array, assert, double, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openFairQueue } from './fair-queue.ts';

const shares = array(record({ work: integer({ min: 0, max: 1000 }), weight: integer({ min: 1, max: 5 }) }), {
  maxLength: 20,
});
const level = double({ min: 0, max: 2000, noNaN: true });

describe('the fair queue', () => {
  test('each tenant gets as much for its weight as the one that asks, or all it has', () => {
    const queue = openFairQueue([
      { work: 100, weight: 1 },
      { work: 1000, weight: 2 },
    ]);
    expect(queue.total).toBe(1100);
    expect([queue.doneBy(0), queue.doneBy(50), queue.doneBy(100), queue.doneBy(200)]).toEqual([
      0, 150, 300, 500,
    ]);
    expect(queue.doneBy(1e9)).toBe(1100);
  });

  test('agrees with the sum over all tenants', () => {
    assert(
      property(shares, level, (all, x) => {
        const expected = all.reduce((sum, { work, weight }) => sum + Math.min(work, x * weight), 0);
        expect(openFairQueue(all).doneBy(x)).toBeCloseTo(expected, 6);
      }),
    );
  });

  test('nobody waits for nothing', () => {
    expect(openFairQueue([]).doneBy(10)).toBe(0);
  });
});
