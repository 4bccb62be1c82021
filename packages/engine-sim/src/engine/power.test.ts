import { describe, expect, test } from 'vitest';
import { powerModel } from './power.ts';

describe('powerModel', () => {
  test('gives the published points back', () => {
    expect(powerModel(100)).toMatchObject({ busyWatts: 390, speed: 1, limitWatts: 450, busyCelsius: 72 });
    expect(powerModel(55)).toMatchObject({ busyWatts: 240, speed: 0.892, limitWatts: 247.5 });
  });

  test('interpolates between points and clamps outside of them', () => {
    expect(powerModel(90)).toMatchObject({ busyWatts: 360, speed: 0.993 });
    expect(powerModel(10)).toEqual(powerModel(40));
    expect(powerModel(400)).toEqual(powerModel(100));
  });

  test('has its best speed per watt at 50 to 60 percent', () => {
    const best = [40, 45, 50, 55, 60, 70, 80, 90, 100].toSorted((a, b) => perWatt(b) - perWatt(a))[0];
    expect(best).toBeGreaterThanOrEqual(50);
    expect(best).toBeLessThanOrEqual(60);
  });
});

const perWatt = (percent: number): number => powerModel(percent).speed / powerModel(percent).busyWatts;
