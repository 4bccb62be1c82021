import { describe, expect, test } from 'vitest';
import type { BackendLoad } from '../backend-load.ts';
import type { OutputLength } from '../../prediction/output-length.ts';
import type { BackendView } from '../snapshot.ts';
import type { CloudUse } from '../strategy.ts';
import {
  aBackend,
  aCloud,
  aContext,
  aJob,
  aLane,
  aLoad,
  backendId,
  MODEL,
  NOW_MS,
  POLICY,
  tenantId,
} from '../snapshot.fixtures.ts';
import { concurrency } from './concurrency.ts';
import { contextFit } from './context-fit.ts';
import { cooling } from './cooling.ts';
import { excludedAfterFailure } from './excluded-after-failure.ts';
import type { Filter } from './filter.ts';
import { FILTER_CODES, FILTERS } from './filters.ts';
import { budget } from './budget.ts';
import { costCap } from './cost-cap.ts';
import { keptForEarlier } from './kept-for-earlier.ts';
import { qualityFloor } from './quality-floor.ts';
import { rateLimit } from './rate-limit.ts';
import { openLoad } from '../backend-load.ts';
import { health } from './health.ts';
import { kvHeadroom } from './kv-headroom.ts';
import { lastChanceAlone } from './last-chance-alone.ts';
import { overflowClosed } from './overflow-closed.ts';
import { pinnedGuard } from './pinned-guard.ts';
import { privacyPin } from './privacy-pin.ts';
import { servesEndpoint } from './serves-endpoint.ts';
import { strategy } from './strategy.ts';

const context = aContext();
/** Answers of which only the one figure that should count is this long. */
const aSpread = (tokens: number, counts: 'mean' | 'p90'): OutputLength => ({
  p50: 1,
  p90: counts === 'mean' ? 1e6 : 1,
  mean: 1,
  samples: 100,
  [counts]: tokens,
});
const local = aLoad('gpu-0');
const cloud = openLoad(aCloud('cloud-0'), POLICY);

/** What the filter says of one job on a local backend with these traits. */
const refusal = (filter: Filter, traits: Partial<BackendView>): string | undefined =>
  filter.refuses(aJob(1), aLoad('gpu-0', traits), context, MODEL);

/** What is said of a fast job, were fast to use the cloud so. */
function strategyRefuses(use: CloudUse, backend: BackendLoad): string | undefined {
  const { fast } = POLICY.strategies;
  const policy = { ...POLICY, strategies: { ...POLICY.strategies, fast: { ...fast, cloud: use } } };
  return strategy.refuses(aJob(1, { strategy: 'fast' }), backend, aContext({ policy }), MODEL);
}

/** What the quality floor says of a job that floorRefuses for this much, of the second model of its group. */
const floorRefuses = (minQuality: number, quality = {}) =>
  qualityFloor.refuses(
    aJob(1, { minQuality }),
    local,
    aContext({ models: ['large', MODEL], policy: { ...POLICY, quality } }),
    MODEL,
  );

/** A cloud that asks so much for a prompt, and nothing for an answer. */
const aCloudAt = (inputUsdPerMillion: number) =>
  openLoad(aCloud('cloud-0', { price: { inputUsdPerMillion, outputUsdPerMillion: 0 } }), POLICY);

/** What the KV filter says of a job of 100 prompt and 50 answer tokens, with room for 900. */
const promising = (
  heldTokens: number,
  kvDeviations: number,
  output = aSpread(50, 'mean'),
  held = 1,
): string | undefined =>
  kvHeadroom.refuses(
    aJob(1),
    aLoad('gpu-0', { kvCapacityTokens: 1000, held, heldTokens }),
    aContext({ policy: { ...POLICY, kvHeadroom: 0.9, kvDeviations }, output }),
    MODEL,
  );

/** What the guard says of a job for an engine with a pinned one that is due in so many ms. */
const guardWhenDue = (inMs: number, lane = aLane([])): string | undefined =>
  pinnedGuard.refuses(
    aJob(1),
    aLoad('gpu-0', { pinnedDue: { atMs: NOW_MS + inMs, tenantId: tenantId('acme') } }),
    aContext({ lane, policy: { ...POLICY, pinnedGuardMs: 5000 } }),
    MODEL,
  );

describe('the filters', () => {
  test('an idle backend that serves the job is refused by none', () => {
    for (const backend of [local, cloud]) {
      expect(
        FILTERS.filter((filter) => filter.refuses(aJob(1), backend, context, MODEL) !== undefined),
      ).toEqual([]);
    }
  });

  test('CAPABILITY: the endpoint the job names is served', () => {
    const job = aJob(1, { endpoint: '/v1/embeddings' });
    expect(servesEndpoint.refuses(job, local)).toBe('does not serve /v1/embeddings');
    expect(servesEndpoint.refuses(job, aBackend('gpu-0', { endpoints: ['/v1/embeddings'] }))).toBeUndefined();
  });

  test('STRATEGY: self_hosted_only keeps off the cloud, cloud_only off local hardware', () => {
    const selfHosted = aJob(1, { strategy: 'self_hosted_only' });
    const cloudOnly = aJob(2, { strategy: 'cloud_only' });
    expect(strategy.refuses(selfHosted, cloud, context, MODEL)).toBe(
      'the job asks for self_hosted_only, which never uses the cloud',
    );
    expect(strategy.refuses(selfHosted, local, context, MODEL)).toBeUndefined();
    expect(strategy.refuses(cloudOnly, local, context, MODEL)).toBe(
      'the job asks for cloud_only, which uses the cloud only',
    );
    expect(strategy.refuses(cloudOnly, cloud, context, MODEL)).toBeUndefined();
  });

  test('STRATEGY: as configured, whatever its name', () => {
    expect(strategyRefuses('never', cloud)).toBe('the job asks for fast, which never uses the cloud');
    expect(strategyRefuses('only', local)).toBe('the job asks for fast, which uses the cloud only');
    for (const use of ['overflow', 'open'] as const)
      expect([strategyRefuses(use, cloud), strategyRefuses(use, local)]).toEqual([undefined, undefined]);
  });

  test('PRIVACY_PIN: a pinned lane keeps off the cloud, whatever overflow says', () => {
    const pinned = aContext({ lane: aLane([], { pinned: true }) });
    expect(privacyPin.refuses(aJob(1), cloud, pinned, MODEL)).toBe('the job is pinned to local backends');
    expect(privacyPin.refuses(aJob(1), local, pinned, MODEL)).toBeUndefined();
  });

  test('CONTEXT_FIT: prompt and 5 % more, and the answer, fit the window', () => {
    const job = aJob(1, { inputTokens: 1001, outputTokens: 100 });
    const window = (contextTokens: number) => contextFit.refuses(job, aBackend('gpu-0', { contextTokens }));
    expect(window(1151)).toBe('needs about 1152 tokens of a window of 1151');
    expect(window(1152)).toBeUndefined();
  });

  test('CONTEXT_FIT: the smaller of window and KV cache counts', () => {
    const job = aJob(1, { inputTokens: 1000, outputTokens: 100 });
    const small = aBackend('gpu-0', { contextTokens: 4096, kvCapacityTokens: 1000 });
    expect(contextFit.refuses(job, small)).toBe('needs about 1150 tokens of a window of 1000');
    expect(contextFit.refuses(job, aBackend('gpu-0', { kvCapacityTokens: 1150 }))).toBeUndefined();
  });

  test('HEALTH: a backend that is down says for how long', () => {
    const down = { kind: 'down', forMs: 12_400, because: 'no heartbeat' } as const;
    expect(refusal(health, { health: down })).toBe('no heartbeat for 12 s');
  });

  test('COOLING: a pause ends at its instant, and what is left of it is rounded up', () => {
    expect(refusal(cooling, { coolingUntilMs: NOW_MS + 1 })).toBe('cooling down for another 1 s');
    expect(refusal(cooling, { coolingUntilMs: NOW_MS + 29_001 })).toBe('cooling down for another 30 s');
    expect(refusal(cooling, { coolingUntilMs: NOW_MS })).toBeUndefined();
  });

  test('EXCLUDED_AFTER_FAILURE: only the backend that failed', () => {
    const job = aJob(1, { excluded: [backendId('gpu-0')] });
    expect(excludedAfterFailure.refuses(job, local, context, MODEL)).toBe(
      'an attempt failed here and asked for another backend',
    );
    expect(excludedAfterFailure.refuses(job, aLoad('gpu-1'), context, MODEL)).toBeUndefined();
  });

  test('OVERFLOW_CLOSED: the cloud waits for overflow and says why, local backends do not', () => {
    const closed = aContext({ overflow: { open: false, trigger: 'local', because: () => '3 jobs wait' } });
    expect(overflowClosed.refuses(aJob(1), cloud, closed, MODEL)).toBe('3 jobs wait');
    expect(overflowClosed.refuses(aJob(1), local, closed, MODEL)).toBeUndefined();
  });

  test('CONCURRENCY: the last slot is given, one more is not', () => {
    expect(refusal(concurrency, { held: 3 })).toBeUndefined();
    expect(refusal(concurrency, { held: 4 })).toBe('holds 4 of 4 jobs');
    expect(refusal(concurrency, { slots: 0 })).toBe('holds 0 of 0 jobs');
  });

  test('KV_HEADROOM: no more than its share of the cache is promised, for prompts and mean answers', () => {
    expect(promising(750, 0)).toBeUndefined();
    expect(promising(751, 0)).toBe('would promise 901 of 900 KV tokens');
  });

  test('KV_HEADROOM: what answers stray by is left free, and more of it the more jobs there are', () => {
    // p90 is 1.2816 standard deviations above p50.
    const output = { p50: 50, p90: 50 + 12.816, mean: 50, samples: 100 };
    expect(promising(730, 2, output, 3)).toContain('of 860 KV tokens');
    expect(promising(710, 2, output, 3)).toBeUndefined();
    expect(promising(710, 2, output, 8)).toContain('of 840 KV tokens');
  });

  test('KV_HEADROOM: an idle engine takes a job of any length that fits it', () => {
    expect(refusal(kvHeadroom, { kvCapacityTokens: 160 })).toBeUndefined();
  });

  test('LAST_CHANCE_ALONE: a job that one more crash would end goes where no other such job is', () => {
    const [fresh, suspect] = [aJob(1, { rescues: 1 }), aJob(2, { rescues: 2 })];
    const backend = aLoad('gpu-0', { held: 1, suspects: 1 });
    expect(lastChanceAlone.refuses(suspect, backend, context, MODEL)).toBe(
      'holds another job on its last chance, as this one is after 2 crashes',
    );
    expect(lastChanceAlone.refuses(suspect, local, context, MODEL)).toBeUndefined();
    expect(lastChanceAlone.refuses(fresh, backend, context, MODEL)).toBeUndefined();
  });

  test('QUALITY_FLOOR: the model is as good as the client asks, by configuration or by its place in the group', () => {
    expect(floorRefuses(0.63)).toBeUndefined();
    expect(floorRefuses(0.64)).toBe(`${MODEL} has quality 0.63, the job asks for 0.64`);
    expect(floorRefuses(0.9, { [MODEL]: 0.9 })).toBeUndefined();
    expect(refusal(qualityFloor, {})).toBeUndefined();
  });

  test('COST_CAP: what a job may cost bounds the cloud, and a price nobody knows is too much', () => {
    const capped = aJob(1, { maxCostUsd: 0.0001 });
    const { price: _unknown, ...unpriced } = aCloud('cloud-0');
    expect(costCap.refuses(capped, aCloudAt(0.9), context, MODEL)).toBeUndefined();
    expect(costCap.refuses(capped, aCloudAt(1), context, MODEL)).toBe(
      'would cost about $0.000110, the job allows $0.0001',
    );
    expect(costCap.refuses(capped, openLoad(unpriced, POLICY), context, MODEL)).toBe(
      'its price is not known, and the job has a cap',
    );
    expect(costCap.refuses(capped, local, context, MODEL)).toBeUndefined();
    expect(costCap.refuses(aJob(1), aCloudAt(1e9), context, MODEL)).toBeUndefined();
  });

  test('BUDGET: every budget that bounds this spending has the estimate left', () => {
    const lane = aLane([], { tenantId: tenantId('acme') });
    const refuses = (leftUsd: number, whose = {}, backend = cloud) =>
      budget.refuses(
        aJob(1),
        backend,
        aContext({ lane, budgets: [{ name: 'b', leftUsd, ...whose }], output: aSpread(50, 'p90') }),
        MODEL,
      );
    // 110 prompt tokens at $0.25 and 50 at $2 per million
    expect(refuses(0.000_127_5)).toBeUndefined();
    expect(refuses(0.000_127)).toBe('would cost about $0.000128, budget b has $0.000127 left');
    expect(refuses(0, { tenantId: tenantId('other') })).toBeUndefined();
    expect(refuses(0, { backendId: backendId('cloud-1') })).toBeUndefined();
    expect(refuses(0, { tenantId: tenantId('acme'), backendId: backendId('cloud-0') })).toContain('budget b');
    expect(refuses(0, {}, local)).toBeUndefined();
    const { price: _unknown, ...unpriced } = aCloud('cloud-0');
    expect(refuses(1e9, {}, openLoad(unpriced, POLICY))).toBe(
      'its price is not known, and budget b bounds it',
    );
  });

  test('RATE_LIMIT: what the provider lets through until its limits are renewed is enough', () => {
    const left = (requestsLeft: number, tokensLeft: number) =>
      refusal(rateLimit, { rateLimit: { requestsLeft, tokensLeft } });
    expect(left(1, 150)).toBeUndefined();
    expect(left(0, 150)).toBe('the provider takes no more requests for now');
    expect(left(1, 149)).toBe('needs 150 tokens of the 149 the provider takes for now');
    expect(refusal(rateLimit, {})).toBeUndefined();
  });

  test('PINNED_GUARD: an engine whose pinned job is about to be due takes nothing new that could go elsewhere', () => {
    expect(guardWhenDue(4900)).toBe('makes room for a pinned job that is due in 4.9 s');
    expect(guardWhenDue(1)).toContain('makes room');
    expect([guardWhenDue(5000), guardWhenDue(0), guardWhenDue(-1)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(guardWhenDue(1, aLane([], { jobClass: 'interactive', pinned: true }))).toBeUndefined();
    expect(refusal(pinnedGuard, {})).toBeUndefined();
    const due = aLoad('gpu-0', { pinnedDue: { atMs: NOW_MS + 1, tenantId: tenantId('flood') } });
    const servedLess = aContext({ chargedBefore: (id) => (id === tenantId('flood') ? 1e9 : 0) });
    expect(pinnedGuard.refuses(aJob(1), due, servedLess, MODEL)).toBeUndefined();
  });

  test('KEPT_FOR_EARLIER: only the job it is kept for', () => {
    const kept = { ...aLoad('gpu-0'), keptForEarlier: aJob(2).id };
    expect(keptForEarlier.refuses(aJob(1), kept, context, MODEL)).toBe(
      `kept free for ${aJob(2).id}, whose turn came first`,
    );
    expect(keptForEarlier.refuses(aJob(2), kept, context, MODEL)).toBeUndefined();
    expect(refusal(keptForEarlier, {})).toBeUndefined();
  });

  test('figures of the engine that are too old halve its slots', () => {
    expect(refusal(concurrency, { held: 2, telemetryAgeMs: 5000 })).toBeUndefined();
    expect(refusal(concurrency, { held: 2, telemetryAgeMs: 5001 })).toBe('holds 2 of 2 jobs');
  });

  test('what never changes is asked before what changes with every tick', () => {
    const first = FILTERS.findIndex(({ passes }) => passes === 'perhaps' || passes === 'by-itself');
    const never = FILTERS.findLastIndex(({ passes }) => passes === 'never');
    expect(first).toBeGreaterThan(never);
    expect(new Set(FILTER_CODES).size).toBe(FILTERS.length);
  });
});
