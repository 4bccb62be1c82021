import { describe, expect, test } from 'vitest';
import type { BackendView } from '../snapshot.ts';
import { aBackend, aCloud, aContext, aJob, aLane, backendId, NOW_MS } from '../snapshot.fixtures.ts';
import { concurrency } from './concurrency.ts';
import { contextFit } from './context-fit.ts';
import { cooling } from './cooling.ts';
import { excludedAfterFailure } from './excluded-after-failure.ts';
import { couldRun, FILTERS } from './filters.ts';
import type { Filter } from './filter.ts';
import { health } from './health.ts';
import { kvHeadroom } from './kv-headroom.ts';
import { lastChanceAlone } from './last-chance-alone.ts';
import { overflowClosed } from './overflow-closed.ts';
import { privacyPin } from './privacy-pin.ts';
import { servesEndpoint } from './serves-endpoint.ts';
import { strategy } from './strategy.ts';

const context = aContext();
const local = aBackend('gpu-0');
const cloud = aCloud('cloud-0');

/** What the filter says of one job on a local backend with these traits. */
const refusal = (filter: Filter, traits: Partial<BackendView>): string | undefined =>
  filter.refuses(aJob(1), aBackend('gpu-0', traits), context);

describe('the filters', () => {
  test('an idle backend that serves the job is refused by none', () => {
    for (const backend of [local, cloud]) {
      expect(FILTERS.filter((filter) => filter.refuses(aJob(1), backend, context) !== undefined)).toEqual([]);
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
    expect(strategy.refuses(selfHosted, cloud)).toBe('the job asks for self_hosted_only');
    expect(strategy.refuses(selfHosted, local)).toBeUndefined();
    expect(strategy.refuses(cloudOnly, local)).toBe('the job asks for cloud_only');
    expect(strategy.refuses(cloudOnly, cloud)).toBeUndefined();
  });

  test('PRIVACY_PIN: a pinned lane keeps off the cloud, whatever overflow says', () => {
    const pinned = aContext({ lane: aLane([], { pinned: true }) });
    expect(privacyPin.refuses(aJob(1), cloud, pinned)).toBe('the job is pinned to local backends');
    expect(privacyPin.refuses(aJob(1), local, pinned)).toBeUndefined();
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
    expect(excludedAfterFailure.refuses(job, local, context)).toBe(
      'an attempt failed here and asked for another backend',
    );
    expect(excludedAfterFailure.refuses(job, aBackend('gpu-1'), context)).toBeUndefined();
  });

  test('OVERFLOW_CLOSED: the cloud waits for overflow and says why, local backends do not', () => {
    const closed = aContext({ overflow: { open: false, because: '3 jobs wait' } });
    expect(overflowClosed.refuses(aJob(1), cloud, closed)).toBe('3 jobs wait');
    expect(overflowClosed.refuses(aJob(1), local, closed)).toBeUndefined();
  });

  test('CONCURRENCY: the last slot is given, one more is not', () => {
    expect(refusal(concurrency, { held: 3 })).toBeUndefined();
    expect(refusal(concurrency, { held: 4 })).toBe('holds 4 of 4 jobs');
    expect(refusal(concurrency, { slots: 0 })).toBe('holds 0 of 0 jobs');
  });

  test('KV_HEADROOM: at most nine tenths of the cache are promised', () => {
    const busy = { kvCapacityTokens: 1000, held: 1 };
    expect(refusal(kvHeadroom, { ...busy, heldTokens: 750 })).toBeUndefined();
    expect(refusal(kvHeadroom, { ...busy, heldTokens: 751 })).toBe('would promise 901 of 900 KV tokens');
  });

  test('KV_HEADROOM: an idle engine takes a job of any length that fits it', () => {
    expect(refusal(kvHeadroom, { kvCapacityTokens: 160 })).toBeUndefined();
  });

  test('LAST_CHANCE_ALONE: a job that one more crash would end goes where no other such job is', () => {
    const [fresh, suspect] = [aJob(1, { rescues: 1 }), aJob(2, { rescues: 2 })];
    const backend = aBackend('gpu-0', { held: 1, suspects: 1 });
    expect(lastChanceAlone.refuses(suspect, backend, context)).toBe(
      'holds another job on its last chance, as this one is after 2 crashes',
    );
    expect(lastChanceAlone.refuses(suspect, local, context)).toBeUndefined();
    expect(lastChanceAlone.refuses(fresh, backend, context)).toBeUndefined();
  });

  test('what never changes is asked before what changes with every tick', () => {
    expect(FILTERS.map(({ code }) => code)).toEqual([
      'CAPABILITY',
      'STRATEGY',
      'PRIVACY_PIN',
      'CONTEXT_FIT',
      'HEALTH',
      'COOLING',
      'EXCLUDED_AFTER_FAILURE',
      'OVERFLOW_CLOSED',
      'CONCURRENCY',
      'KV_HEADROOM',
      'LAST_CHANCE_ALONE',
    ]);
  });

  test('a full, ailing backend could still run the job; one of another endpoint, kind or size never', () => {
    const job = aJob(1, { strategy: 'self_hosted_only' });
    const ailing = aBackend('gpu-0', {
      held: 4,
      coolingUntilMs: NOW_MS + 1,
      health: { kind: 'down', forMs: 1, because: 'no heartbeat' },
    });
    expect(couldRun(job, ailing)).toBe(true);
    expect(couldRun(job, aBackend('gpu-0', { endpoints: ['/v1/embeddings'] }))).toBe(false);
    expect(couldRun(job, cloud)).toBe(false);
    expect(couldRun(job, aBackend('gpu-0', { contextTokens: 154 }))).toBe(false);
  });
});
