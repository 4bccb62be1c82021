import type { TenantId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { cellOf } from './cell-of.ts';
import { cellNames, type CellsConfig, cellsSchema } from './cells.ts';

const TENANTS = Array.from({ length: 20_000 }, (_, index) => `tenant-${index}` as TenantId);
const cells = (given: object): CellsConfig => cellsSchema.parse(given);
const placesIn = (config: CellsConfig): readonly string[] => TENANTS.map((tenant) => cellOf(config, tenant));

/** Five deviations of what an even chance would give: it does not happen by accident. */
const near = (share: number): readonly [number, number] => {
  const tolerance = 5 * Math.sqrt((share * (1 - share)) / TENANTS.length);
  return [share - tolerance, share + tolerance];
};
const isNear = (count: number, share: number): boolean => {
  const [low, high] = near(share);
  return count / TENANTS.length > low && count / TENANTS.length < high;
};

test('one cell has everybody', () => {
  expect(new Set(placesIn(cells({})))).toEqual(new Set(['0']));
});

describe.each([2, 3, 4, 7, 16])('%i cells', (count) => {
  const before = placesIn(cells({ count }));

  test('have about as many tenants each', () => {
    const sizes = cellNames(cells({ count })).map((name) => before.filter((place) => place === name).length);
    expect(sizes.filter((size) => !isNear(size, 1 / count))).toEqual([]);
  });

  test('and one more takes its share from them, and moves nobody else', () => {
    const after = placesIn(cells({ count: count + 1 }));
    const moved = after.filter((place, index) => place !== before[index]);
    expect(new Set(moved)).toEqual(new Set([String(count)]));
    expect(isNear(moved.length, 1 / (count + 1))).toBe(true);
  });

  test('and one less moves its own tenants alone', () => {
    const after = placesIn(cells({ count: count - 1 }));
    const movedWithoutNeed = after.filter(
      (place, index) => place !== before[index] && before[index] !== String(count - 1),
    );
    expect(movedWithoutNeed).toEqual([]);
  });
});

test('the order of names changes nothing', () => {
  const there = placesIn(cells({ names: ['eu', 'us', 'ap'] }));
  expect(placesIn(cells({ names: ['ap', 'eu', 'us'] }))).toEqual(there);
});

test('a pinned tenant stands where it was put', () => {
  const pins = { 'tenant-1': '2', 'tenant-2': '0' };
  const config = cells({ count: 3, pins });
  expect(Object.keys(pins).map((tenant) => cellOf(config, tenant as TenantId))).toEqual(['2', '0']);
});

test('where a tenant stands is the same in every version: its jobs are stored there', () => {
  const known = ['default', 'acme', 'guest', 'tenant-1', 'a'].map((name) =>
    cellOf(cells({ count: 8 }), name as TenantId),
  );
  expect(known).toEqual(['5', '4', '7', '3', '3']);
});
