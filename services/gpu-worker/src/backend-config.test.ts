import { type Config, configSchema } from '@spillway/contracts';
import type { BackendId } from '@spillway/core';
import type { ConfigStore } from '@spillway/service-kit';
import { expect, test } from 'vitest';
import { followBackendConfig } from './backend-config.ts';
import { aConfig } from './testing/fixtures.ts';

const gpu = 'gpu-0' as BackendId;

/** A configuration that a test may swap. */
function openConfig(first: Config): ConfigStore & { swap(next: Config): void } {
  let config = first;
  return {
    current: () => ({ config, version: 'sha256:00', source: 'spillway.yaml' }),
    onChange: () => () => undefined,
    close: async () => undefined,
    swap: (next) => {
      config = next;
    },
  };
}
const withSlots = (slots: number): Config =>
  configSchema.parse({ backends: { [gpu]: aConfig({ max_concurrency: slots }) } });
const without = configSchema.parse({});

test('a change counts at once', () => {
  const config = openConfig(withSlots(4));
  const follow = followBackendConfig(config, gpu);
  expect(follow().max_concurrency).toBe(4);
  config.swap(withSlots(8));
  expect(follow().max_concurrency).toBe(8);
});

test('a backend that is taken away keeps its last settings until its worker is stopped', () => {
  const config = openConfig(withSlots(4));
  const follow = followBackendConfig(config, gpu);
  follow();
  config.swap(without);
  expect(follow().max_concurrency).toBe(4);
});

test('a name that no local backend has is refused by that name', () => {
  expect(followBackendConfig(openConfig(without), gpu)).toThrow('spillway.yaml has no local backend "gpu-0"');
});
