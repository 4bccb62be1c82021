import { jobSchema } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { openTestApi } from '../testing/open-test-api.ts';

const PATH_WORDS = ['job_', 'job_1', `job_${'z'.repeat(26)}`, '%00', '..%2f..', '%e0%a4', 'x'.repeat(8000)];

describe('200: the job as it is now', () => {
  test('follows the job through its states; only an unfinished job says when to ask again', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    const look = async () => {
      const { status, body, headers } = await api.ask(`/v1/jobs/${id}`);
      return [status, body, headers.has('retry-after')];
    };
    expect(await look()).toMatchObject([200, { status: 'queued', queue_position: 1, attempts: [] }, true]);
    const lease = await api.life.run(id);
    expect(await look()).toMatchObject([
      200,
      { status: 'running', queue_position: null, attempts: [{ outcome: 'running', finished_at: null }] },
      true,
    ]);
    await api.life.settle(lease, {
      kind: 'retry',
      reason: { kind: 'backend-error', detail: 'it answered 500' },
      availableAtMs: Date.now() + 60_000,
      exclude: undefined,
      backendFault: { blamed: true, coolForMs: 0 },
    });
    expect(await look()).toMatchObject([
      200,
      { status: 'queued', queue_position: null, attempts: [{ error: { code: 'backend-error' } }] },
      true,
    ]);
    await api.ask(`/v1/jobs/${id}/cancel`, { method: 'POST' });
    expect(await look()).toMatchObject([200, { status: 'cancelled', result: null, error: null }, false]);
  });

  test('a dispatched job shows as queued: no worker has it yet', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    await api.life.dispatch(id);
    expect((await api.ask(`/v1/jobs/${id}`)).body).toMatchObject({ status: 'queued', started_at: null });
  });

  test('says when it is expected to be ready: by the forecast while it waits, then by its own prediction', async () => {
    await using api = await openTestApi();
    const { id, estimated_finish_at: unknown } = await api.submit();
    const look = async () => jobSchema.parse((await api.ask(`/v1/jobs/${id}`)).body).estimated_finish_at;
    expect([unknown, await look()]).toEqual([null, null]);
    await api.life.foretell({ modelGroup: 'small', jobMs: 20_000, residenceMs: 60_000 });
    const second = await api.submit();
    // two turns of 20 s, and a minute to run
    expect(Date.parse(second.estimated_finish_at ?? '') - Date.parse(second.created_at)).toBe(100_000);
    const seen = await api.ask(`/v1/jobs/${id}`);
    expect(seen.headers.get('retry-after')).toBe('30');
    const again = await api.ask(`/v1/jobs/${id}`, {
      headers: { 'if-none-match': seen.headers.get('etag') ?? '' },
    });
    expect(again.status, 'a clock that goes on is no change').toBe(304);
    await api.life.dispatch(id);
    const predicted = await look();
    expect(await look()).toBe(predicted);
    await api.life.complete(second.id);
    expect((await api.ask(`/v1/jobs/${second.id}`)).body).toMatchObject({ estimated_finish_at: null });
  });

  test('a wait is over when the job ends', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    const asked = api.ask(`/v1/jobs/${id}`, { headers: { prefer: 'wait=60' } });
    await api.untilWaiting();
    await api.life.complete(id);
    const answer = await asked;
    expect([answer.status, answer.body]).toMatchObject([200, { status: 'completed' }]);
    expect(answer.headers.has('retry-after')).toBe(false);
  });

  test('a wait for a job that has ended is none', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    await api.life.complete(id);
    const startedAtMs = performance.now();
    await api.ask(`/v1/jobs/${id}`, { headers: { prefer: 'wait=60' } });
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
  });

  test('a client that goes away leaves no waiter', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    const leave = new AbortController();
    const asked = api.ask(`/v1/jobs/${id}`, { headers: { prefer: 'wait=60' }, signal: leave.signal });
    await api.untilWaiting();
    leave.abort();
    await expect(asked).rejects.toThrow('aborted');
    await api.untilWaiting(0);
    expect(api.log).toEqual([]);
  });
});

describe('304: not changed since the ETag', () => {
  test('the same tag, also in a list or weakened on its way, is answered without a body', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    const etag = (await api.ask(`/v1/jobs/${id}`)).headers.get('etag') ?? '';
    for (const header of [etag, `"other", ${etag}`, `W/${etag}`]) {
      const answer = await api.ask(`/v1/jobs/${id}`, { headers: { 'if-none-match': header } });
      expect([answer.status, answer.text]).toEqual([304, '']);
      expect(answer.headers.get('etag')).toBe(etag);
      expect(answer.headers.has('retry-after')).toBe(true);
    }
  });

  test('every change of the job changes its tag, and so does its place in the queue', async () => {
    await using api = await openTestApi();
    const ahead = await api.submit();
    const { id } = await api.submit();
    const tags: (string | null)[] = [];
    const look = async () => {
      const answer = await api.ask(`/v1/jobs/${id}`, { headers: { 'if-none-match': tags.at(-1) ?? '' } });
      expect(answer.status).toBe(200);
      tags.push(answer.headers.get('etag'));
    };
    await look();
    await api.life.complete(ahead.id);
    await look();
    await api.life.complete(id);
    await look();
    expect(new Set(tags).size).toBe(3);
  });
});

describe('401: no key', () => {
  test('is answered before anything is read', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    expect((await api.ask(`/v1/jobs/${id}`, { tenant: null })).status).toBe(401);
  });
});

describe('404: no such job of this tenant', () => {
  test('a job of another tenant is as unknown as one that never was, and waiting does not tell', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit();
    const theirs = await api.ask(`/v1/jobs/${id}`, { tenant: 'other', headers: { prefer: 'wait=60' } });
    const nobodys = await api.ask(`/v1/jobs/job_${'0'.repeat(26)}`, { tenant: 'other' });
    expect(theirs.status).toBe(404);
    expect([theirs.status, theirs.text]).toEqual([nobodys.status, nobodys.text]);
    expect(theirs.headers.has('etag')).toBe(false);
  });

  test.each(PATH_WORDS)('a malformed id is simply not there', async (raw) => {
    await using api = await openTestApi();
    const answer = await api.ask(`/v1/jobs/${raw}`);
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'job-not-found' }]);
    expect(answer.text.length).toBeLessThan(1000);
  });
});
