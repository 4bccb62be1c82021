import { configSchema } from '@spillway/contracts';
import type { ConfigListener, LoadedConfig } from '@spillway/service-kit';
import { expect, test } from 'vitest';
import { followDeliveryRules } from './follow-delivery-rules.ts';

const load = (config: object): LoadedConfig => ({
  config: configSchema.parse(config),
  version: 'sha256:0',
  source: 'spillway.yaml',
});

function openStore(first: object) {
  let current = load(first);
  let listener: ConfigListener | undefined;
  return {
    current: () => current,
    onChange: (given: ConfigListener) => {
      listener = given;
      return () => undefined;
    },
    swap: (next: object) => {
      const before = current;
      current = load(next);
      listener?.(current, before);
    },
  };
}

test('a change of the configuration is in force for the next delivery', () => {
  const store = openStore({});
  const rules = followDeliveryRules(store);
  expect(rules().timeoutMs).toBe(15_000);
  store.swap({ webhooks: { timeout_seconds: 3, allow_ports: 'any' } });
  expect(rules()).toMatchObject({ timeoutMs: 3000, allowPorts: 'any' });
});

test('a change elsewhere leaves the very same rules, and with them the open connections', () => {
  const store = openStore({});
  const rules = followDeliveryRules(store);
  const before = rules();
  store.swap({ tenants: { acme: {} } });
  expect(rules()).toBe(before);
});
