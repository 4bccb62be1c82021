import { expect, test } from 'vitest';
import type { TenantId } from '../id/name.ts';
import { type LeastServed, openLeastServed } from './least-served.ts';
import { aLane, aSnapshot, tenantId } from './snapshot.fixtures.ts';
import { openAccounts } from './tenant-account.ts';

const [a, b, c] = [tenantId('a'), tenantId('b'), tenantId('c')];
const tenants = new Map([
  [a, { weight: 1, virtualTokens: 300 }],
  [b, { weight: 1, virtualTokens: 100 }],
  [c, { weight: 1, virtualTokens: 200 }],
]);

/** A standard lane of each of these tenants. */
const leastOf = (...ids: readonly TenantId[]): LeastServed => {
  const accountOf = openAccounts(aSnapshot([], [], { tenants }));
  return openLeastServed(ids.map((id) => ({ lane: aLane([], { tenantId: id }), account: accountOf(id) })));
};

test('of each class, what the one served least of the others was charged', () => {
  const least = leastOf(a, b, c, b, c);
  expect([a, b, c].map((id) => least.besides(id, 'standard'))).toEqual([100, 200, 100]);
});

test('a tenant without others is ahead of nobody, nor is anybody in a class without jobs; one unheard of was charged nothing', () => {
  const alone = leastOf(a);
  expect([alone.besides(a, 'standard'), alone.besides(a, 'batch')]).toEqual([Infinity, Infinity]);
  expect(alone.besides(b, 'standard')).toBe(300);
  expect(leastOf(tenantId('unheard')).besides(b, 'standard')).toBe(0);
});
