import { DEFAULT_POLICY, SCORER_NAMES } from '@spillway/core';
import { expect, test } from 'vitest';
import { configSchema } from './config.ts';
import { schedulingPolicy } from './scheduling-policy.ts';

const policyOf = (routing: object) => schedulingPolicy(configSchema.parse({ routing }));

test('an empty configuration is the default policy, number for number', () => {
  expect(policyOf({})).toEqual(DEFAULT_POLICY);
});

test('the defaults are within the ranges they may be set to', () => {
  const defaults = configSchema.parse({});
  expect(configSchema.parse(defaults)).toEqual(defaults);
});

test('every number of the policy can be set', () => {
  const weights = Object.fromEntries(SCORER_NAMES.map((name) => [name, Number(name === 'time')]));
  const routing = {
    overflow: {
      mode: 'depth',
      depth: { enter: 7, leave: 3 },
      margin: { interactive: 0.1, standard: 0.2, batch: 0.3 },
      blind_below_samples: 9,
      local_down_after_seconds: 11,
    },
    promotion: { standard: 0.4, batch: 0.05 },
    max_wait_seconds: { interactive: 1, standard: 2, batch: 3 },
    share_tolerance_tokens: 77,
    batch_group_run: 4,
    pinned_guard_seconds: 2.5,
    kv_headroom: 0.8,
    kv_deviations: 1.5,
    affinity: { block_tokens: 256, load_bound: 2 },
    telemetry_stale_seconds: 6,
    reference_usd: 0.5,
    unknown_quality: 0.25,
    strategies: { fast: { cloud: 'never', weights: { time: 1 } } },
  };
  expect(policyOf(routing)).toEqual({
    overflow: {
      mode: 'depth',
      enter: 7,
      leave: 3,
      localDownAfterMs: 11_000,
      margin: { interactive: 0.1, standard: 0.2, batch: 0.3 },
      blindBelowSamples: 9,
    },
    promotion: { interactive: 1, standard: 0.4, batch: 0.05 },
    maxWaitMs: { interactive: 1000, standard: 2000, batch: 3000 },
    shareTolerance: 77,
    groupRun: 4,
    pinnedGuardMs: 2500,
    kvHeadroom: 0.8,
    kvDeviations: 1.5,
    prefixBlockTokens: 256,
    loadBound: 2,
    telemetryStaleMs: 6000,
    referenceUsd: 0.5,
    quality: {},
    unknownQuality: 0.25,
    strategies: { ...DEFAULT_POLICY.strategies, fast: { cloud: 'never', weights } },
    maxRescues: DEFAULT_POLICY.maxRescues,
  });
});

test('a change of one key of a strategy leaves its others as they are', () => {
  const { strategies } = policyOf({ strategies: { quality: { cloud: 'overflow' } } });
  expect(strategies.quality).toEqual({ ...DEFAULT_POLICY.strategies.quality, cloud: 'overflow' });
});
