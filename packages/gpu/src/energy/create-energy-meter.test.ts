import { describe, expect, test } from 'vitest';
import { createEnergyMeter, type EnergyHandle } from './create-energy-meter.ts';

describe('createEnergyMeter', () => {
  test('one attempt alone pays for all power while it runs', () => {
    const meter = createEnergyMeter();
    meter.observe(0, 300, 0);
    const attempt = meter.begin(1_000);
    meter.observe(2_000, 200, 1);
    expect(meter.end(attempt, 5_000)).toBeCloseTo(300 * 1 + 200 * 3);
  });

  test('attempts that run together share, each for the time it was there', () => {
    const meter = createEnergyMeter();
    meter.observe(0, 300, 0);
    const long = meter.begin(0);
    const short = meter.begin(1_000);
    expect(meter.end(short, 3_000)).toBeCloseTo(300);
    expect(meter.end(long, 4_000)).toBeCloseTo(300 + 300 + 300);
  });

  test('requests of other clients carry their share', () => {
    const meter = createEnergyMeter();
    const attempt = meter.begin(0);
    meter.observe(0, 400, 4);
    expect(meter.end(attempt, 1_000)).toBeCloseTo(100);
  });

  test('idle energy is charged to nobody', () => {
    const meter = createEnergyMeter();
    meter.observe(0, 60, 0);
    meter.observe(5_000, 60, 0);
    const attempt = meter.begin(9_000);
    expect(meter.end(attempt, 10_000)).toBeCloseTo(60);
  });

  test('without any sample the energy is unknown, not zero', () => {
    const meter = createEnergyMeter();
    const attempt = meter.begin(0);
    meter.observe(500, undefined, 1);
    expect(meter.end(attempt, 1_000)).toBeUndefined();
  });

  test('a sample that fails is bridged for ten seconds, and no longer', () => {
    const meter = createEnergyMeter();
    meter.observe(0, 100, 0);
    const bridged = meter.begin(0);
    meter.observe(9_000, undefined, 1);
    expect(meter.end(bridged, 10_000)).toBeCloseTo(1_000);
    const blind = meter.begin(10_000);
    meter.observe(12_000, 100, 1);
    expect(meter.end(blind, 13_000)).toBeUndefined();
    const seeing = meter.begin(13_000);
    expect(meter.end(seeing, 14_000)).toBeCloseTo(100);
  });

  test('an attempt is paid once, and a clock that steps back charges nothing twice', () => {
    const meter = createEnergyMeter();
    meter.observe(0, 100, 0);
    const attempt = meter.begin(0);
    meter.observe(2_000, 100, 1);
    meter.observe(1_000, 100, 1);
    expect(meter.end(attempt, 2_000)).toBeCloseTo(200);
    expect(meter.end(attempt, 3_000)).toBeUndefined();
  });

  test('whatever begins and ends, the attempts together pay for the busy time exactly', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const { paidJoules, busyMs } = randomLoad(seed);
      expect(paidJoules, `seed ${seed}`).toBeCloseTo((busyMs / 1000) * 250, 6);
    }
  });
});

/** Twenty attempts at random times within 18 s under a constant 250 W, with a sample at every begin and end. */
function randomLoad(seed: number): { readonly paidJoules: number; readonly busyMs: number } {
  const random = lcg(seed);
  const edges = Array.from({ length: 20 }, (_, id) => ({
    id,
    fromMs: random(9_000),
    lengthMs: random(9_000),
  }))
    .flatMap(({ id, fromMs, lengthMs }) => [
      { atMs: fromMs, id },
      { atMs: fromMs + lengthMs, id },
    ])
    .toSorted((a, b) => a.atMs - b.atMs);
  const meter = createEnergyMeter();
  meter.observe(0, 250, 0);
  const handles = new Map<number, EnergyHandle>();
  let [paidJoules, busyMs, lastMs] = [0, 0, 0];
  for (const { atMs, id } of edges) {
    if (handles.size > 0) busyMs += atMs - lastMs;
    lastMs = atMs;
    meter.observe(atMs, 250, handles.size);
    const handle = handles.get(id);
    if (handle === undefined) handles.set(id, meter.begin(atMs));
    else {
      paidJoules += meter.end(handle, atMs) ?? Number.NaN;
      handles.delete(id);
    }
  }
  return { paidJoules, busyMs };
}

/** Whole numbers below `bound`, the same for the same seed (Numerical Recipes' generator). */
function lcg(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
