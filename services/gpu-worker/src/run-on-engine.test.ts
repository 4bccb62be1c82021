import type { LocalBackend } from '@spillway/backends';
import type { AttemptOutcome, InferenceRequest, TenantId } from '@spillway/core';
import { createEnergyMeter } from '@spillway/gpu';
import { aClaim } from '@spillway/worker-loop/testing';
import { describe, expect, test } from 'vitest';
import { createRunOnEngine } from './run-on-engine.ts';
import { aConfig } from './testing/fixtures.ts';

const usage = { inputTokens: 10, cachedInputTokens: 0, outputTokens: 20, costMicroUsd: 0 };
const ANSWER: AttemptOutcome = { kind: 'completed', statusCode: 200, body: { id: 'a' }, usage };

/** An engine whose attempts each take `lasts` ms by the test's clock, on a card that draws 360 W. */
function anEngine({ outcome = ANSWER, lasts = 10_000, powerIsKnown = true } = {}) {
  const clock = { nowMs: 0 };
  const energy = createEnergyMeter();
  energy.observe(0, powerIsKnown ? 360 : undefined, 0);
  const requests: InferenceRequest[] = [];
  const tenants: (TenantId | undefined)[] = [];
  const backend: LocalBackend = {
    run: async (request, { tenantId }) => {
      requests.push(request);
      tenants.push(tenantId);
      clock.nowMs += lasts;
      return outcome;
    },
    check: async () => ({ kind: 'unhealthy', detail: 'not asked here' }),
  };
  const config = aConfig({ electricity_usd_per_kwh: 0.3 });
  const deps = { config: () => config, backend: () => backend, energy, nowMs: () => clock.nowMs };
  return { run: createRunOnEngine(deps), deps, requests, tenants, energy, clock };
}
const going = new AbortController().signal;

describe('an attempt at the engine', () => {
  test('asks for the model by the engine’s own name, with the body as the client sent it', async () => {
    const { run, requests } = anEngine();
    const claim = aClaim();
    await run(claim, going);
    expect(requests).toEqual([
      { endpoint: '/v1/chat/completions', model: 'llama-3.1-8b-sim', body: claim.request },
    ]);
  });

  test('tells the adapter whose prompt it is', async () => {
    const { run, tenants } = anEngine();
    await run(aClaim({ tenantId: 'umbrella' as TenantId }), going);
    expect(tenants).toEqual(['umbrella']);
  });

  test('has used the energy of its time, and costs its price in whole micro-dollars, rounded up', async () => {
    // 360 W for 10 s: 3,600 J, a thousandth of a kilowatt-hour; at 0.3 USD that is 300 micro-dollars
    expect(await anEngine().run(aClaim(), going)).toEqual({
      ...ANSWER,
      usage: { ...usage, energyJoules: 3600, costMicroUsd: 300 },
    });
    const short = await anEngine({ lasts: 1 }).run(aClaim(), going);
    expect(short).toMatchObject({ usage: { energyJoules: 0.36, costMicroUsd: 1 } });
  });

  test('has no energy when the power was not known, rather than none used', async () => {
    expect(await anEngine({ powerIsKnown: false }).run(aClaim(), going)).toEqual(ANSWER);
  });

  test('costs nothing without a price, yet tells its energy', async () => {
    const { deps } = anEngine();
    const free = createRunOnEngine({ ...deps, config: () => aConfig() });
    expect(await free(aClaim(), going)).toMatchObject({ usage: { energyJoules: 3600, costMicroUsd: 0 } });
  });

  test('that fails is told as it is', async () => {
    const outcome: AttemptOutcome = { kind: 'failed', reason: { kind: 'backend-error', detail: 'HTTP 500' } };
    expect(await anEngine({ outcome }).run(aClaim(), going)).toEqual(outcome);
  });

  test('for a model that was taken out of the configuration asks for another backend, and asks no engine', async () => {
    const { run, requests } = anEngine();
    expect(await run(aClaim({ model: 'former-model' }), going)).toMatchObject({
      kind: 'failed',
      reason: { kind: 'model-not-found' },
    });
    expect(requests).toEqual([]);
  });

  test('whose adapter throws does not share in the energy of those after it', async () => {
    const { deps, run } = anEngine();
    const broken: LocalBackend = {
      run: () => Promise.reject(new Error('a bug')),
      check: async () => ({ kind: 'unhealthy', detail: 'not asked here' }),
    };
    await expect(createRunOnEngine({ ...deps, backend: () => broken })(aClaim(), going)).rejects.toThrow(
      'a bug',
    );
    expect(await run(aClaim(), going)).toMatchObject({ usage: { energyJoules: 3600 } });
  });
});
