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
    ['interactive', 30_000, 120_000],
    ['standard', 300_000, 120_000],
    ['batch', 86_400_000, 600_000],
  ])('class %s lives %i ms and tries for %i ms', (jobClass, deadlineMs, attemptTimeoutMs) => {
    const job = prepared(chat('Hello', { class: jobClass }));
    expect(job).toMatchObject({
      deadlineMs,
      attemptTimeoutMs,
      retainMs: 86_400_000,
      startWithinMs: undefined,
    });
  });

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
});
