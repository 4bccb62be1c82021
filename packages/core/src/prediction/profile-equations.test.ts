import { assert, double, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BALANCED, fade, observe, solve, type Triple } from './profile-equations.ts';

describe('the fit of three unknowns', () => {
  test('is 1 for each as long as nothing was observed', () => {
    for (const unknown of solve(BALANCED)) expect(unknown).toBeCloseTo(1, 6);
  });

  test('finds what exact observations say', () => {
    const unknown = double({ min: 0.1, max: 10, noNaN: true });
    assert(
      property(tuple(unknown, unknown, unknown), ([w, h, p]) => {
        const rows: Triple[] = [
          [1, 0.2, 0.3],
          [0.2, 1, 0.1],
          [0.3, 0.1, 1],
        ];
        let equations = fade(BALANCED, 0);
        for (const row of rows)
          equations = observe(equations, row, row[0] * w + row[1] * h + row[2] * p, 1e6);
        const found = solve(equations);
        expect(found[0]).toBeCloseTo(w, 2);
        expect(found[1]).toBeCloseTo(h, 2);
        expect(found[2]).toBeCloseTo(p, 2);
      }),
    );
  });

  test('takes unknowns that nothing tells apart for alike', () => {
    const together = observe(fade(BALANCED, 0), [1, 1, 1], 12, 100);
    for (const unknown of solve(together)) expect(unknown).toBeCloseTo(4, 3);
  });

  test('stays within its bounds, and fits best within them', () => {
    const impossible = observe(observe(fade(BALANCED, 0.01), [1, 0, 0], -5, 100), [0, 0, 1], 1e6, 100);
    const [w, h, p] = solve(impossible);
    expect([w, p]).toEqual([0.02, 50]);
    expect(h).toBeGreaterThan(0);
  });

  test('weighs by what has faded', () => {
    const older = observe(fade(BALANCED, 0), [1, 1, 1], 3, 1);
    const newer = observe(fade(older, 0.01), [1, 1, 1], 6, 1);
    for (const unknown of solve(newer)) expect(unknown).toBeCloseTo((0.01 * 1 + 2) / 1.01, 2);
  });
});
