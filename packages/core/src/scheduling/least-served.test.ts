import { expect, test } from 'vitest';
import { openLeastServed } from './least-served.ts';
import { aLane, aSnapshot, tenantId } from './snapshot.fixtures.ts';

const [a, b, c] = [tenantId('a'), tenantId('b'), tenantId('c')];
const tenants = new Map([
  [a, { weight: 1, virtualTokens: 300 }],
  [b, { weight: 1, virtualTokens: 100 }],
  [c, { weight: 1, virtualTokens: 200 }],
]);

test('of each class, what the one served least of the others was charged', () => {
  const lanes = [a, b, c, b, c].map((id, index) => aLane([], { tenantId: id, pinned: index > 2 }));
  const least = openLeastServed(aSnapshot([], lanes, { tenants }));
  expect([a, b, c].map((id) => least.besides(id, 'standard'))).toEqual([100, 200, 100]);
});

test('a tenant without others is ahead of nobody, nor is anybody in a class without jobs; one unheard of was charged nothing', () => {
  const alone = openLeastServed(aSnapshot([], [aLane([], { tenantId: a })], { tenants }));
  expect([alone.besides(a, 'standard'), alone.besides(a, 'batch')]).toEqual([Infinity, Infinity]);
  expect(alone.besides(b, 'standard')).toBe(300);
  const unheard = openLeastServed(aSnapshot([], [aLane([], { tenantId: a })]));
  expect(unheard.besides(b, 'standard')).toBe(0);
});
