import { configSchema } from '@spillway/contracts';
import { expect, test } from 'vitest';
import { toDeliveryRules } from './delivery-rules.ts';

test('without a word in the configuration: the web, nothing private, 15 seconds', () => {
  expect(toDeliveryRules(configSchema.parse({}).webhooks)).toEqual({
    allowNetworks: [],
    allowPorts: new Set([80, 443]),
    timeoutMs: 15_000,
  });
});

test('every network that is not in CIDR notation is refused by the configuration, at its place', () => {
  const allow_networks = ['10.0.0.0/8', '10.0.0.1', '10.0.0.0/33', 'localhost', 'fd00::/8'];
  const parsed = configSchema.safeParse({ webhooks: { allow_networks } });
  expect(parsed.error?.issues.map(({ path }) => path.at(-1))).toEqual([1, 2, 3]);
});
