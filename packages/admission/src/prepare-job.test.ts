import { createJobRequestSchema } from '@spillway/contracts';
import { idFromUuid, type TenantId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { chat, testConfig } from './prepare-job.fixtures.ts';
import { prepareJob } from './prepare-job.ts';

const id = idFromUuid('JobId', '01990000-0000-7000-8000-000000000001');
const tenant = 'acme' as TenantId;
const prepare = (body: unknown, config = testConfig()) =>
  prepareJob(createJobRequestSchema.parse(body), id, tenant, config);
const prepared = (...args: Parameters<typeof prepare>) => {
  const result = prepare(...args);
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
};

describe('what a submitted job becomes', () => {
  test('its lane is its class, model, tenant and pin', () => {
    expect(prepared(chat('Hello', { class: 'batch', privacy: 'local_only' })).lane).toEqual({
      jobClass: 'batch',
      modelGroup: 'small',
      tenantId: tenant,
      pinned: true,
    });
  });

  test.each([
    ['interactive', 30_000, 120_000, 15_000],
    ['standard', 300_000, 120_000, 150_000],
    ['batch', 86_400_000, 600_000, 43_200_000],
  ])(
    'class %s lives %i ms, tries for %i ms and ages in %i ms',
    (jobClass, deadlineMs, attemptTimeoutMs, maxWaitMs) => {
      const job = prepared(chat('Hello', { class: jobClass }));
      expect(job).toMatchObject({
        deadlineMs,
        maxWaitMs,
        attemptTimeoutMs,
        retainMs: 86_400_000,
        startWithinMs: undefined,
      });
    },
  );

  test('what the plan reads is estimated from the request', () => {
    const request = { model: 'small', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 7 };
    const { features } = prepared({ request, strategy: 'self_hosted_only' });
    expect(features).toMatchObject({
      endpoint: '/v1/chat/completions',
      strategy: 'self_hosted_only',
      outputTokens: 7,
    });
    expect(features.inputTokens).toBeGreaterThan(0);
  });

  test('how long its class may wait is configured', () => {
    const config = testConfig({ routing: { max_wait_seconds: { standard: 0.25 } } });
    expect(prepared(chat(), config).maxWaitMs).toBe(250);
  });

  test.each([
    ['cloud_only', 'auto', {}, true],
    ['fast', 'auto', {}, true],
    ['quality', 'auto', {}, true],
    ['auto', 'auto', {}, false],
    ['cost', 'auto', {}, false],
    ['self_hosted_only', 'auto', {}, false],
    ['fast', 'local_only', {}, false],
    ['cost', 'auto', { cost: { cloud: 'open' } }, true],
    ['fast', 'auto', { fast: { cloud: 'overflow' } }, false],
  ] as const)(
    'with strategy %s and privacy %s it may use the cloud whatever waits, unless it is pinned: %j %s',
    (strategy, privacy, strategies, atOnce) => {
      const config = testConfig({ routing: { strategies } });
      expect(prepared(chat('Hello', { strategy, privacy }), config).cloudAtOnce).toBe(atOnce);
    },
  );

  test('what kind of work it is, and the bounds of it, are the client’s to say', () => {
    const said = prepared(chat('Hello', { task: 'triage', min_quality: 0.8, max_cost_usd: 0.01 })).features;
    expect(said).toMatchObject({ task: 'triage', minQuality: 0.8, maxCostUsd: 0.01 });
    const { features } = prepared(chat());
    expect(features.task).toBe('chat');
    expect(features).not.toHaveProperty('minQuality');
    expect(features).not.toHaveProperty('maxCostUsd');
  });

  test('prompts that begin alike share the hashes of their blocks, within their tenant only', () => {
    const config = testConfig({ routing: { affinity: { block_tokens: 16 } } });
    const long = 'The same beginning of a prompt. '.repeat(8);
    const hashesOf = (content: string, of = tenant) => {
      const result = prepareJob(createJobRequestSchema.parse(chat(content)), id, of, config);
      return result.ok ? result.value.features.prefix : [];
    };
    const [one, other] = [
      hashesOf(`${long} One.`),
      hashesOf(`${long} Another end, and more of it than before.`),
    ];
    expect(one.length).toBeGreaterThan(1);
    expect(other.slice(0, one.length)).toEqual(one);
    expect(hashesOf(long, 'umbrella' as TenantId)).not.toContain(one[0]);
    expect(hashesOf('Short.')).toEqual([]);
  });

  test('the request is written as it was read', () => {
    const request = { model: 'small', messages: [], vendor: { a: ['ü', null] } };
    expect(prepared({ request }).request).toBe(JSON.stringify(request));
  });

  test('without detectors nothing is looked for', () => {
    const config = testConfig({ routing: { privacy: { detectors: [] } } });
    const job = prepared(chat('Card 4111 1111 1111 1111'), { ...config, backends: testConfig().backends });
    expect([job.lane.pinned, job.description.findings]).toEqual([false, []]);
  });
});

describe('why a job is refused', () => {
  test('a model that nobody serves is told which ones there are', () => {
    expect(prepare({ request: { model: 'large' } })).toEqual({
      ok: false,
      error: {
        code: 'model-not-found',
        path: 'request.model',
        detail: '"large" is not served; there is: auto, small',
      },
    });
  });

  test('a pin and cloud_only contradict each other, and the answer says how to consent', () => {
    const body = chat('Card 4111 1111 1111 1111', { strategy: 'cloud_only' });
    expect(prepare(body)).toMatchObject({ ok: false, error: { code: 'invalid-request', path: 'strategy' } });
    expect(prepare({ ...body, privacy: 'public' })).toMatchObject({ ok: true });
  });

  test('so do a pin and any strategy that is configured to use nothing but the cloud', () => {
    const config = testConfig({ routing: { strategies: { fast: { cloud: 'only' } } } });
    const body = chat('Hello', { strategy: 'fast', privacy: 'local_only' });
    expect(prepare(body)).toMatchObject({ ok: true });
    expect(prepare(body, config)).toEqual({
      ok: false,
      error: {
        code: 'invalid-request',
        path: 'strategy',
        detail:
          'strategy is fast, but the job is pinned to local backends: set privacy to "public" to consent',
      },
    });
    expect(prepare({ ...body, privacy: 'public' }, config)).toMatchObject({ ok: true });
  });
});
