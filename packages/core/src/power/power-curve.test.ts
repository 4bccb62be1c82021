import { expect, test } from 'vitest';
import { powerUnder } from './power-curve.ts';

test('draws and loses what was published, in between and clamped at its ends', () => {
  expect(powerUnder(55)).toMatchObject({ busyWatts: 240, speed: 0.892 });
  expect(powerUnder(90)).toMatchObject({ busyWatts: 360, speed: 0.993 });
  expect([powerUnder(10), powerUnder(400)]).toEqual([powerUnder(40), powerUnder(100)]);
});

test('a token costs the least energy between half and three fifths of full power', () => {
  const limits = Array.from({ length: 61 }, (_, index) => 40 + index);
  const [best] = limits.toSorted((a, b) => perWatt(b) - perWatt(a));
  expect(best).toBeGreaterThanOrEqual(50);
  expect(best).toBeLessThanOrEqual(60);
});

const perWatt = (limitPercent: number): number =>
  powerUnder(limitPercent).speed / powerUnder(limitPercent).busyWatts;
