import { decisionListSchema } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { sampleDecision } from '../testing/job-life.ts';
import { openTestApi } from '../testing/open-test-api.ts';

describe('200: why the job ran where it ran', () => {
  test('every decision, oldest first, as it was written down', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    expect((await api.ask(`/v1/jobs/${id}/decisions`)).body).toEqual({ object: 'list', data: [] });
    const hold = sampleDecision('local', {
      action: 'hold',
      backend: null,
      trigger: null,
      why: 'no free slot',
    });
    await api.life.decide(id, hold);
    await api.life.dispatch(id);
    const answer = await api.ask(`/v1/jobs/${id}/decisions`);
    expect([answer.status, answer.body]).toEqual([
      200,
      { object: 'list', data: [hold, sampleDecision('local')] },
    ]);
  });

  test('once the attempt has ended, with what came of the prediction and what the cloud would have cost', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    await api.life.complete(id);
    const { body } = await api.ask(`/v1/jobs/${id}/decisions`);
    const [decision] = decisionListSchema.parse(body).data;
    // 10 tokens at 1 USD a million and 20 at 4, less the 7 millionths it cost
    expect(decision?.outcome).toEqual({
      finished_at: expect.any(String) as string,
      prediction_error_ms: expect.any(Number) as number,
      output_error_tokens: 5,
      cost_usd: 0.000007,
      counterfactual_usd: 0.00009,
      saved_usd: 0.000083,
    });
  });

  test('a record of another version is left out, and the others are told', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    await api.store.redis.rpush(api.store.keys.decisions(id), JSON.stringify({ v: 99 }));
    await api.life.dispatch(id);
    const answer = await api.ask(`/v1/jobs/${id}/decisions`);
    expect(answer.body).toEqual({ object: 'list', data: [sampleDecision('local')] });
  });
});

describe('401: no key', () => {
  test('tells nothing', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    expect((await api.ask(`/v1/jobs/${id}/decisions`, { tenant: null })).status).toBe(401);
  });
});

describe('404: no such job of this tenant', () => {
  test('decisions about a job of another tenant stay with it', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    await api.life.complete(id);
    const answer = await api.ask(`/v1/jobs/${id}/decisions`, { tenant: 'other' });
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'job-not-found' }]);
  });

  test.each(['job_1', `job_${'0'.repeat(26)}`])('%s', async (raw) => {
    await using api = await openTestApi();
    const answer = await api.ask(`/v1/jobs/${raw}/decisions`);
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'job-not-found' }]);
  });
});
