import { type BackendId, NO_PREFIXES, RTX_4090, type TenantId, TYPICAL_CLOUD } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { buildSnapshot } from './build-snapshot.ts';
import { aConfig, aJob, aLane, aState, aStore, cloud, gpu, MODEL, NOW_MS } from './testing/index.ts';

const SINCE_MS = NOW_MS - 5000;
const build = (store = aStore(), config = aConfig()) =>
  buildSnapshot(store, config, { sinceMs: SINCE_MS, prefixes: NO_PREFIXES });
const backendOf = (id: BackendId, ...given: Parameters<typeof build>) =>
  build(...given).backends.find((backend) => backend.id === id);
const { descriptor } = aState();
const silent = (ms: number) => backendOf(gpu, aStore({ backends: [aState({ heardAtMs: NOW_MS - ms })] }));
const down = (forMs: number) => {
  const state = aState({ descriptor: { ...descriptor, down: { forMs, because: 'no /health' } } });
  return backendOf(gpu, aStore({ backends: [state] }));
};

describe('the backends of a plan', () => {
  test('one that was heard of is seen as its worker described it', () => {
    const state = aState({
      descriptor: { ...descriptor, kvCapacityTokens: 96_000, contextTokens: 8192 },
      held: 2,
      heldTokens: 300,
      suspects: 1,
      coolingUntilMs: NOW_MS + 5,
      pinnedDue: { atMs: NOW_MS + 9000, tenantId: 'acme' as TenantId },
    });
    expect(backendOf(gpu, aStore({ backends: [state] }))).toEqual({
      id: gpu,
      location: 'local',
      models: [MODEL],
      endpoints: ['/v1/chat/completions'],
      health: { kind: 'up' },
      slots: 4,
      held: 2,
      heldTokens: 300,
      suspects: 1,
      coolingUntilMs: NOW_MS + 5,
      pinnedDue: { atMs: NOW_MS + 9000, tenantId: 'acme' as TenantId },
      kvCapacityTokens: 96_000,
      contextTokens: 8192,
    });
  });

  test('what its worker learned of it comes along: speed, reliability, energy, and what a provider leaves', () => {
    const learned = {
      profile: { ...RTX_4090, samples: 60 },
      latency: TYPICAL_CLOUD,
      reliability: { succeeded: 0.9, timedOut: 0.1 },
      energy: { joulesPerToken: 2, usdPerKwh: 0.3 },
      rateLimit: { requestsLeft: 5, tokensLeft: 900 },
    };
    const state = aState({ descriptor: { ...descriptor, ...learned } });
    expect(backendOf(gpu, aStore({ backends: [state] }))).toMatchObject(learned);
  });

  test('figures of an engine grow older while its worker says nothing', () => {
    const state = aState({ descriptor: { ...descriptor, telemetryAgeMs: 800 }, heardAtMs: NOW_MS - 4000 });
    expect(backendOf(gpu, aStore({ backends: [state] }))?.telemetryAgeMs).toBe(4800);
  });

  test('one that is not configured any more gets nothing', () => {
    const former = aState({ id: 'former' as BackendId });
    expect(build(aStore({ backends: [former] })).backends.map(({ id }) => id)).toEqual([gpu]);
  });

  test('a local one not heard of yet is down since we look, so that its model still has local hardware', () => {
    expect(backendOf(gpu, aStore({ backends: [] }))).toMatchObject({
      models: [MODEL],
      slots: 0,
      health: { kind: 'down', forMs: 5000, because: 'its worker has not been heard of yet' },
    });
  });

  test('a cloud one not heard of is not there: its price and endpoints are its worker’s to tell', () => {
    expect(backendOf(cloud)).toBeUndefined();
  });

  test('one whose workers are silent for more than ten seconds is down, whatever was last said of it', () => {
    expect(silent(10_000)).toMatchObject({ health: { kind: 'up' } });
    expect(silent(10_001)).toMatchObject({ health: { kind: 'down', forMs: 10_001 } });
  });

  test('one that says it is down has been so for as long as it said, and since it said so', () => {
    expect(down(700)).toMatchObject({ health: { kind: 'down', forMs: 700, because: 'no /health' } });
    const state = aState({
      descriptor: { ...descriptor, down: { forMs: 700, because: 'x' } },
      heardAtMs: NOW_MS - 200,
    });
    expect(backendOf(gpu, aStore({ backends: [state] }))).toMatchObject({ health: { forMs: 900 } });
  });

  test('come by id, whatever the order of the configuration', () => {
    const both = aStore({ backends: [aState(), aState({ id: cloud })] });
    expect(build(both).backends.map(({ id }) => id)).toEqual([cloud, gpu]);
  });
});

describe('the rest of a snapshot', () => {
  test('a tenant without configuration weighs 1, and one that was never charged owes nothing', () => {
    const other = 'other' as TenantId;
    const lanes = [aLane([aJob(1)]), aLane([aJob(2)], { key: 'b', tenantId: other })];
    const config = aConfig({ tenants: { acme: { weight: 3 } } });
    const { tenants } = build(aStore({ lanes, virtualTokens: new Map([[other, 40]]) }), config);
    expect(Object.fromEntries(tenants)).toEqual({
      acme: { weight: 3, virtualTokens: 0 },
      other: { weight: 1, virtualTokens: 40 },
    });
  });

  test('the overflow rule and the model groups are those of the running configuration', () => {
    const config = aConfig({
      routing: { overflow: { mode: 'off', depth: { enter: 7, leave: 3 } } },
      models: { small: { any_of: [MODEL] } },
    });
    const { policy, modelGroups } = build(aStore(), config);
    expect(policy.overflow).toMatchObject({ mode: 'off', enter: 7, leave: 3 });
    expect(Object.fromEntries(modelGroups)).toEqual({ [MODEL]: [MODEL], small: [MODEL] });
  });
});
