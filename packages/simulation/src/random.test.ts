import { expect, test } from 'vitest';
import { logNormal } from './random.ts';
import { seededRandom } from './traces/seeded-random.ts';

test('has the quantiles that were asked for', () => {
  const random = seededRandom(3, 'log-normal');
  const values = Array.from({ length: 20_000 }, () => logNormal(random, { p50: 600, p95: 1500 })).toSorted(
    (a, b) => a - b,
  );
  expect(values[10_000]).toBeGreaterThan(580);
  expect(values[10_000]).toBeLessThan(620);
  expect(values[19_000]).toBeGreaterThan(1430);
  expect(values[19_000]).toBeLessThan(1570);
});
