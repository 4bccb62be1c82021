import { parseId } from '@spillway/core';
import { createDuties } from '@spillway/redis';
import { describe, expect, test } from 'vitest';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { chat } from '../../testing/samples.ts';

const submitWaiting = (api: TestApi, seconds: number, headers: Readonly<Record<string, string>> = {}) =>
  api.ask('/v1/jobs', {
    method: 'POST',
    body: chat(),
    headers: { prefer: `respond-async, wait=${seconds}`, ...headers },
  });

async function onlyJobOf(api: TestApi) {
  await api.untilWaiting();
  const [id] = api.jobIds;
  if (id === undefined) throw new Error('no job was made');
  return id;
}

describe.concurrent('200: the job ended while the client waited', () => {
  test('a job that completes in time comes with its result at once, and nothing to ask again for', async () => {
    await using api = await openTestApi();
    const asked = submitWaiting(api, 30);
    await api.life.complete(await onlyJobOf(api), 'forty-two');
    const answer = await asked;
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'completed',
      queue_position: null,
      result: { status_code: 200, body: { choices: [{ message: { content: 'forty-two' } }] } },
      usage: { input_tokens: 10, output_tokens: 20, cost_usd: 7e-6, energy_joules: null },
      served_by: { backend: 'gpu-0', location: 'local' },
      attempts: [{ number: 1, outcome: 'completed' }],
    });
    expect(answer.headers.has('retry-after')).toBe(false);
    await api.untilWaiting(0);
  });

  test.each(['cancelled', 'expired', 'failed'] as const)(
    'a job that is %s ends the wait, too',
    async (end) => {
      await using api = await openTestApi();
      const asked = submitWaiting(api, 30);
      const id = await onlyJobOf(api);
      if (end === 'cancelled') await api.ask(`/v1/jobs/${id}/cancel`, { method: 'POST' });
      if (end === 'expired') {
        await api.store.redis.zadd(`${api.store.keys.prefix}clocks:start`, 1, id);
        await createDuties(api.store.redis, api.store.keys).expireUnstarted();
      }
      if (end === 'failed') {
        const lease = await api.life.run(id);
        const reason = { kind: 'invalid-request', detail: 'the engine refused it' } as const;
        await api.life.settle(lease, {
          kind: 'failed',
          reason,
          backendFault: { blamed: false, coolForMs: 0 },
        });
      }
      const answer = await asked;
      expect([answer.status, answer.body]).toMatchObject([200, { status: end, result: null }]);
    },
  );
});

describe.concurrent('202: the job did not end while the client waited', () => {
  test('after the wait the client gets the queued job and leaves no waiter behind', async () => {
    await using api = await openTestApi();
    const startedAtMs = performance.now();
    const answer = await submitWaiting(api, 1);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(990);
    expect([answer.status, answer.body]).toMatchObject([202, { status: 'queued' }]);
    expect(answer.headers.get('retry-after')).toBe('1');
    await api.untilWaiting(0);
  });

  test.each([
    ['a body of known length', false],
    ['a chunked body', true],
  ])('a client that goes away after %s leaves no waiter, and its job goes on', async (_what, isChunked) => {
    await using api = await openTestApi();
    const leave = new AbortController();
    const body = JSON.stringify(chat());
    const asked = api.ask('/v1/jobs', {
      method: 'POST',
      body: isChunked ? new Blob([body]).stream() : body,
      headers: { prefer: 'wait=60', 'content-type': 'application/json' },
      signal: leave.signal,
    });
    const id = await onlyJobOf(api);
    leave.abort();
    await expect(asked).rejects.toThrow('aborted');
    await api.untilWaiting(0);
    expect((await api.ask(`/v1/jobs/${id}`)).body).toMatchObject({ status: 'queued' });
    expect(api.log).toEqual([]);
  });
});

const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  ({ method: 'POST', body, headers }) as const;

describe('202: the job is accepted', () => {
  test('the answer is the queued job, with where it is and when to ask again', async () => {
    await using api = await openTestApi();
    const answer = await api.ask('/v1/jobs', post(chat('Hello', { metadata: { document: 'a.txt' } })));
    expect(answer.status).toBe(202);
    const [id] = api.jobIds;
    expect(answer.body).toMatchObject({
      id,
      status: 'queued',
      class: 'standard',
      model: 'small',
      queue_position: 1,
      metadata: { document: 'a.txt' },
      status_url: `/v1/jobs/${id}`,
    });
    expect(parseId('JobId', id ?? '').ok).toBe(true);
    expect(answer.headers.get('location')).toBe(`/v1/jobs/${id}`);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.headers.get('etag')).toBe('"1-1"');
  });

  test('the request passes through untouched: fields we do not know, any script, odd names and numbers', async () => {
    await using api = await openTestApi();
    const request = {
      model: 'small',
      messages: [{ role: 'user', content: 'Größe 寸法 \u{1f600} \u0000 \ud800 "\\u0041"', name: 'x' }],
      temperature: 0.1,
      seed: 9_007_199_254_740_991,
      vendor_extension: { constructor: [null, true, -1.5e-7], '': { toString: 'a' } },
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { $ref: '#/$defs/a' } } },
    };
    const { id } = await api.submit({ request });
    expect(await api.life.requestOf(id)).toEqual(request);
  });

  test('a request may be nested 200 levels deep', async () => {
    await using api = await openTestApi();
    const extra: unknown = JSON.parse('['.repeat(199) + ']'.repeat(199));
    const { id } = await api.submit({ request: { model: 'small', extra } });
    expect(await api.life.requestOf(id)).toEqual({ model: 'small', extra });
  });

  test.each([
    ['interactive', 30, 120_000],
    ['standard', 300, 120_000],
    ['batch', 86_400, 600_000],
  ])('a job of class %s lives %i s when the client does not say', async (jobClass, seconds, attemptMs) => {
    await using api = await openTestApi();
    const job = await api.submit(chat('Hello', { class: jobClass }));
    expect(Date.parse(job.deadline_at) - Date.parse(job.created_at)).toBe(seconds * 1000);
    const stored = await api.store.redis.hget(api.store.keys.job(job.id), 'attempt_timeout_ms');
    expect(Number(stored)).toBe(attemptMs);
  });

  test('the four clocks of a client are kept apart', async () => {
    await using api = await openTestApi();
    const clocks = {
      start_within_seconds: 10,
      attempt_timeout_seconds: 20,
      deadline_seconds: 30,
      retain_seconds: 40,
    };
    const { id, created_at: createdAt } = await api.submit(chat('Hello', clocks));
    const { redis, keys } = api.store;
    const fields = ['start_by_ms', 'attempt_timeout_ms', 'deadline_at_ms', 'retain_ms'] as const;
    const [startBy, attempt, deadline, retain] = await redis.hmget(keys.job(id), ...fields);
    const createdAtMs = Date.parse(createdAt);
    expect([Number(startBy) - createdAtMs, attempt, Number(deadline) - createdAtMs, retain]).toEqual([
      10_000,
      '20000',
      30_000,
      '40000',
    ]);
  });

  test('keys of metadata that name parts of every object are data like any other, and change no object', async () => {
    await using api = await openTestApi();
    const body = `{"request":{"model":"small","messages":[],"__proto__":{"polluted":1}},
      "metadata":{"__proto__":"x","constructor":"y","prototype":"z"}}`;
    const answer = await api.ask('/v1/jobs', post(body, { 'content-type': 'application/json' }));
    expect(answer.body).toMatchObject({ status: 'queued', metadata: { constructor: 'y', prototype: 'z' } });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('202: privacy', () => {
  const CARD = 'Please charge 4111 1111 1111 1111.';
  const nested = [
    { role: 'system', content: 'Summarise.' },
    { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
    { role: 'assistant', content: null, tool_calls: [{ function: { arguments: `{"note":"${CARD}"}` } }] },
  ];

  test.each([
    ['a card number in a message', chat(CARD), { pinned: true, findings: ['card'] }],
    [
      'a card number deep in another role',
      { request: { model: 'small', messages: nested } },
      { pinned: true, findings: ['card'] },
    ],
    ['nothing personal', chat('What is a lane?'), { pinned: false, findings: [] }],
    ['consent to the cloud', chat(CARD, { privacy: 'public' }), { pinned: false, findings: [] }],
    ['a wish to stay local', chat('Hello', { privacy: 'local_only' }), { pinned: true, findings: [] }],
    [
      'an image, which no detector can read',
      chat('x', {
        request: {
          model: 'small',
          messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }],
        },
      }),
      { pinned: true, findings: [] },
    ],
  ])('%s decides where the job may run', async (_what, body, privacy) => {
    await using api = await openTestApi();
    const job = await api.submit(body);
    expect(job.privacy).toEqual(privacy);
    const lane = await api.store.redis.hget(api.store.keys.job(job.id), 'lane');
    expect(lane?.endsWith(privacy.pinned ? ':pinned' : ':open')).toBe(true);
  });
});
