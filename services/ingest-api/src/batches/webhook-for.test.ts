import type { TenantId } from '@spillway/core';
import { expect, test } from 'vitest';
import { testConfig } from '../testing/samples.ts';
import { webhookFor } from './webhook-for.ts';

const [named, own] = ['named', 'own'].map((host) => ({ url: `https://${host}.example.com/` }));
const config = testConfig({ tenants: { acme: { webhook: own }, other: {} } });

test('who is named is told, and else whom the configuration names for the tenant', () => {
  expect(webhookFor(named, config, 'acme' as TenantId)).toEqual(named);
  expect(webhookFor(undefined, config, 'acme' as TenantId)).toEqual(own);
  expect(webhookFor(undefined, config, 'other' as TenantId)).toBeUndefined();
  expect(webhookFor(undefined, config, 'nobody' as TenantId)).toBeUndefined();
});
