import { expect, test } from 'vitest';
import { kilowattHours } from './kilowatt-hours.ts';

test('energy counts the time it computes and the time it does not', () => {
  expect(kilowattHours({ busyWatts: 1000, idleWatts: 100, speed: 1 }, 1_800_000, 3_600_000)).toBeCloseTo(
    0.55,
    12,
  );
});
