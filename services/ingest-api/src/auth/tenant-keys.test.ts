import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { configSchema } from '@spillway/contracts';
import { createFindTenant } from './tenant-keys.ts';

const hash = (key: string) => createHash('sha256').update(key).digest('hex');
const none = configSchema.parse({});
const two = configSchema.parse({
  tenants: {
    acme: { api_key_sha256: [hash('old'), hash('new')] },
    other: { api_key_sha256: [hash('theirs')] },
  },
});

test('every key of a tenant is its own, so that one can be replaced without a gap', () => {
  const find = createFindTenant(two, undefined);
  expect(['old', 'new', 'theirs', 'nobodys', ''].map(find)).toEqual([
    'acme',
    'acme',
    'other',
    undefined,
    undefined,
  ]);
});

test('the hash of a key, as the configuration shows it, is no key', () => {
  expect(createFindTenant(two, undefined)(hash('new'))).toBeUndefined();
});

test('the development key is of the tenant default, and of nobody once a key is configured', () => {
  expect(createFindTenant(none, hash('dev'))('dev')).toBe('default');
  expect(createFindTenant(two, hash('dev'))('dev')).toBeUndefined();
  expect(createFindTenant(none, undefined)('dev')).toBeUndefined();
});
