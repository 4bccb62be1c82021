import { describe, expect, test } from 'vitest';
import { openTestApi } from '../testing/open-test-api.ts';
import { chat } from '../testing/samples.ts';

describe('200: the job is over', () => {
  test.each(['queued', 'dispatched', 'running'] as const)(
    'a %s job is cancelled, and gives its quota back',
    async (state) => {
      await using api = await openTestApi();
      const { id } = await api.submit(chat(), {}, 'guest');
      if (state === 'dispatched') await api.life.dispatch(id);
      if (state === 'running') await api.life.run(id);
      const answer = await api.ask(`/v1/jobs/${id}/cancel`, { method: 'POST', tenant: 'guest' });
      expect([answer.status, answer.body]).toMatchObject([200, { id, status: 'cancelled', result: null }]);
      await api.submit(chat(), {}, 'guest');
    },
  );

  test('asking again, or with a body nobody asked for, changes nothing', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    const first = await api.ask(`/v1/jobs/${id}/cancel`, { method: 'POST' });
    const second = await api.ask(`/v1/jobs/${id}/cancel`, {
      method: 'POST',
      body: { why: 'changed my mind' },
    });
    expect([second.status, second.body]).toEqual([200, first.body]);
  });

  test('a job that has completed stays completed', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    await api.life.complete(id, 'kept');
    const answer = await api.ask(`/v1/jobs/${id}/cancel`, { method: 'POST' });
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { status: 'completed', result: { body: { choices: [{ message: { content: 'kept' } }] } } },
    ]);
  });
});

describe('401: no key', () => {
  test('cancels nothing', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    expect((await api.ask(`/v1/jobs/${id}/cancel`, { method: 'POST', tenant: null })).status).toBe(401);
    expect((await api.ask(`/v1/jobs/${id}`)).body).toMatchObject({ status: 'queued' });
  });
});

describe('404: no such job of this tenant', () => {
  test('a job of another tenant goes on', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    const answer = await api.ask(`/v1/jobs/${id}/cancel`, { method: 'POST', tenant: 'other' });
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'job-not-found' }]);
    expect((await api.ask(`/v1/jobs/${id}`)).body).toMatchObject({ status: 'queued' });
  });

  test.each(['job_1', `job_${'0'.repeat(26)}`, `batch_${'0'.repeat(26)}`])('%s', async (raw) => {
    await using api = await openTestApi();
    const answer = await api.ask(`/v1/jobs/${raw}/cancel`, { method: 'POST' });
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'job-not-found' }]);
  });
});
