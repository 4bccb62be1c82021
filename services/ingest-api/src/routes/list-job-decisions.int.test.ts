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
    await api.life.complete(id);
    const answer = await api.ask(`/v1/jobs/${id}/decisions`);
    expect([answer.status, answer.body]).toEqual([
      200,
      { object: 'list', data: [hold, sampleDecision('local')] },
    ]);
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
