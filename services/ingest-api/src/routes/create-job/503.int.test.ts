import { describe, expect, test } from 'vitest';
import { openBehindProxy } from '../../testing/open-behind-proxy.ts';
import { batchForm, chat } from '../../testing/samples.ts';

describe('503: Redis is away', () => {
  test('nothing is half-written, the client is told to come back, and all goes on when Redis does', async () => {
    await using opened = await openBehindProxy();
    const { api, proxy } = opened;
    const { id } = await api.submit();
    await proxy.cut();
    const key = { 'idempotency-key': 'k' };
    for (const asked of [
      api.ask('/v1/jobs', { method: 'POST', body: chat(), headers: key }),
      api.ask('/v1/document-batches', { method: 'POST', body: batchForm([{ name: 'a.txt', text: 'hi' }]) }),
      api.ask(`/v1/jobs/${id}`),
      api.ask('/v1/jobs'),
      api.ask(`/v1/jobs/${id}/decisions`),
      api.ask(`/v1/jobs/${id}/cancel`, { method: 'POST' }),
      api.ask('/v1/document-batches/batch_00000000000000000000000000'),
      api.ask('/v1/document-batches/batch_00000000000000000000000000/results'),
    ]) {
      const answer = await asked;
      expect([answer.status, answer.body]).toMatchObject([503, { code: 'store-unavailable' }]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await fetch(`${api.url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${api.url}/health/live`)).status).toBe(200);
    expect(await api.storedJobs()).toHaveLength(1);
    expect(await api.store.redis.keys(`${api.store.keys.prefix}idem:*`)).toEqual([]);

    await proxy.restore();
    await expect
      .poll(async () => (await fetch(`${api.url}/health/ready`)).status, { timeout: 3000 })
      .toBe(200);
    const answer = await api.ask('/v1/jobs', { method: 'POST', body: chat(), headers: key });
    expect([answer.status, answer.headers.has('idempotency-replayed')]).toEqual([202, false]);
    expect(api.log).toEqual([]);
  });

  test('a submission with a key whose reply is lost on the way is made and counted once', async () => {
    await using opened = await openBehindProxy();
    const { api, proxy } = opened;
    await api.submit();
    proxy.loseNextReply();
    const headers = { 'idempotency-key': 'k' };
    const answer = await api.ask('/v1/jobs', { method: 'POST', body: chat(), headers });
    // The connection came back in time to hear of the job it had made, which is no replay of an earlier one.
    expect([answer.status, answer.headers.has('idempotency-replayed')]).toEqual([202, false]);
    expect(await api.storedJobs()).toHaveLength(2);
    const { redis, keys } = api.store;
    expect(await redis.scard(`${keys.prefix}tenant:acme:live`)).toBe(2);
  });

  test('a client that waits for a job when Redis goes away is answered, and leaves no waiter', async () => {
    await using opened = await openBehindProxy();
    const { api, proxy } = opened;
    const { id } = await api.submit();
    const asked = api.ask(`/v1/jobs/${id}`, { headers: { prefer: 'wait=60' } });
    await api.untilWaiting();
    await proxy.cut();
    // The end of the job is heard over another connection; reading the record then fails.
    await api.life.complete(id);
    expect((await asked).status).toBe(503);
    await api.untilWaiting(0);
  });
});
