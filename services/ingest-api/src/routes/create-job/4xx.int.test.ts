import type { JobId, TenantId } from '@spillway/core';
import { createCancelJob, createDuties } from '@spillway/redis';
import type { Config, TenantConfig } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { openTestApi } from '../../testing/open-test-api.ts';
import { chat, testConfig } from '../../testing/samples.ts';

/** A submission of so many bytes. */
const sized = (bytes: number): string => {
  const empty = JSON.stringify(chat('')).length;
  return JSON.stringify(chat('x'.repeat(bytes - empty)));
};

/** What `acme` may do in a minute. */
const limited = (limits: Partial<TenantConfig>): Config => {
  const { tenants, ...rest } = testConfig();
  const acme = { ...tenants['acme' as TenantId], ...limits };
  return testConfig({ ...rest, tenants: { ...tenants, acme } });
};

describe('401: the key is missing or nobody’s', () => {
  test.each([
    ['no key', {}, 'missing-api-key'],
    ['an empty bearer', { authorization: 'Bearer ' }, 'missing-api-key'],
    ['another scheme', { authorization: 'Basic a2V5LW9mLWFjbWU6' }, 'missing-api-key'],
    ['an unknown key', { authorization: 'Bearer key-of-nobody' }, 'invalid-api-key'],
    ['the hash of a key', { 'x-api-key': '0'.repeat(64) }, 'invalid-api-key'],
  ])('%s', async (_what, headers, code) => {
    await using api = await openTestApi();
    const answer = await api.ask('/v1/jobs', { method: 'POST', body: chat(), headers, tenant: null });
    expect([answer.status, answer.body]).toMatchObject([401, { code }]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await api.storedJobs()).toEqual([]);
  });

  test('a key is taken as bearer token in any case, and as Anthropic’s clients send it', async () => {
    await using api = await openTestApi();
    for (const headers of [{ authorization: 'bearer key-of-acme' }, { 'x-api-key': 'key-of-acme' }]) {
      const answer = await api.ask('/v1/jobs', { method: 'POST', body: chat(), headers, tenant: null });
      expect(answer.status).toBe(202);
    }
  });
});

const KEY = { 'idempotency-key': 'my {key}: "1"\ttab' };
const post = (body: unknown, headers: Readonly<Record<string, string>> = KEY) =>
  ({ method: 'POST', body, headers }) as const;

describe('409: the key was used with another body', () => {
  test('another body is refused for good, and the first job stays as it is', async () => {
    await using api = await openTestApi();
    const first = await api.submit(chat('one'), KEY);
    const answer = await api.ask('/v1/jobs', post(chat('two')));
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'idempotency-conflict' }]);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(await api.storedJobs()).toEqual([api.store.keys.job(first.id)]);
  });
});

describe('202: the key was used with the same body', () => {
  test('the same job comes back, and says that it is a replay', async () => {
    await using api = await openTestApi();
    const first = await api.ask('/v1/jobs', post(chat()));
    expect(first.headers.has('idempotency-replayed')).toBe(false);
    const second = await api.ask('/v1/jobs', post(chat()));
    expect([second.status, second.body]).toEqual([202, first.body]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
  });

  test('a replay is the first answer again, whatever became of the job; who waits is told of its end', async () => {
    await using api = await openTestApi();
    const first = await api.ask('/v1/jobs', post(chat()));
    const { id } = first.body as { id: JobId };
    await api.life.complete(id, 'done');
    const again = await api.ask('/v1/jobs', post(chat()));
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    const waited = await api.ask('/v1/jobs', post(chat(), { ...KEY, prefer: 'wait=30' }));
    expect([waited.status, waited.body]).toMatchObject([200, { id, status: 'completed' }]);
  });

  test('what was accepted once is answered as then, although it would be refused by the configuration of today', async () => {
    await using api = await openTestApi();
    const first = await api.ask('/v1/jobs', post(chat()));
    api.reconfigure(testConfig({ backends: {}, models: { auto: { strategy: 'auto' } } }));
    const again = await api.ask('/v1/jobs', post(chat()));
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = { 'idempotency-key': 'another' };
    expect((await api.ask('/v1/jobs', post(chat(), other))).body).toMatchObject({ code: 'model-not-found' });
    expect((await api.ask('/v1/jobs', post(chat('two')))).status).toBe(409);
    expect(await api.storedJobs()).toHaveLength(1);
  });

  test('twenty submissions at once make one job', async () => {
    await using api = await openTestApi();
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.ask('/v1/jobs', post(chat()))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(19);
    expect(await api.storedJobs()).toHaveLength(1);
  });

  test('a replay is not counted against the quota', async () => {
    await using api = await openTestApi();
    const first = await api.submit(chat(), KEY, 'guest');
    expect((await api.submit(chat(), KEY, 'guest')).id).toBe(first.id);
  });

  test('the key of one tenant is nothing to another', async () => {
    await using api = await openTestApi();
    const mine = await api.submit(chat('mine'), KEY);
    const theirs = await api.submit(chat('theirs'), KEY, 'other');
    expect(theirs.id).not.toBe(mine.id);
  });

  test('a key may hold anything a header can: it makes no key of another name in the store', async () => {
    await using api = await openTestApi();
    await api.submit(chat(), { 'idempotency-key': '*}{:%00../ éÿ' });
    const keys = await api.store.redis.keys(`${api.store.keys.prefix}idem:*`);
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatch(/:idem:acme:[0-9a-f]{64}$/);
  });
});

describe('202: the job of the key is gone', () => {
  test('a key outlives a job that was kept for a shorter time: the first answer comes, and no second job', async () => {
    await using api = await openTestApi();
    const body = chat('x', { retain_seconds: 1 });
    const first = await api.ask('/v1/jobs', post(body));
    const { id } = first.body as { id: JobId };
    const { redis, keys } = api.store;
    await createCancelJob(redis, keys)(id, 'acme' as TenantId);
    await redis.zadd(`${keys.prefix}retained`, 1, id);
    await createDuties(redis, keys).purgeRetained();
    for (const headers of [KEY, { ...KEY, prefer: 'wait=1' }]) {
      const answer = await api.ask('/v1/jobs', post(body, headers));
      expect([answer.status, answer.body]).toEqual([202, first.body]);
      expect(answer.headers.get('idempotency-replayed')).toBe('true');
    }
    expect(await api.storedJobs()).toEqual([]);
  });
});

describe('413: the body is above the limit', () => {
  const config = testConfig({ limits: { max_request_bytes: 4096 } });

  test.each([
    ['of known length', (body: string) => body],
    ['chunked', (body: string) => new Blob([body]).stream()],
  ])('a body %s of one byte too many is refused, and one that just fits is taken', async (_what, send) => {
    await using api = await openTestApi({ config });
    const headers = { 'content-type': 'application/json' };
    const large = await api.ask('/v1/jobs', { method: 'POST', body: send(sized(4097)), headers });
    expect([large.status, large.body]).toMatchObject([
      413,
      { code: 'request-too-large', detail: 'the body may have at most 4096 bytes' },
    ]);
    const fitting = await api.ask('/v1/jobs', { method: 'POST', body: send(sized(4096)), headers });
    expect(fitting.status).toBe(202);
  });
});

describe('415: the body is of another kind', () => {
  test.each([
    ['text', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['something like JSON', 'application/jsonp'],
    ['no type at all', ''],
  ])('%s is refused, and the answer says what is taken', async (_what, type) => {
    await using api = await openTestApi();
    const answer = await api.ask('/v1/jobs', {
      method: 'POST',
      body: new TextEncoder().encode(JSON.stringify(chat())),
      ...(type !== '' && { headers: { 'content-type': type } }),
    });
    expect([answer.status, answer.body]).toMatchObject([415, { code: 'unsupported-media-type' }]);
    expect(answer.text).toContain('application/json');
  });

  test('JSON with a character set is JSON', async () => {
    await using api = await openTestApi();
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const answer = await api.ask('/v1/jobs', { method: 'POST', body: JSON.stringify(chat()), headers });
    expect(answer.status).toBe(202);
  });
});

describe('429: the queue is full', () => {
  test('a tenant above its quota is told when to come back, and has room again when a job ends', async () => {
    await using api = await openTestApi();
    const { id } = await api.submit(chat(), {}, 'guest');
    const ask = { method: 'POST', body: chat(), tenant: 'guest' } as const;
    const refused = await api.ask('/v1/jobs', ask);
    expect([refused.status, refused.body]).toMatchObject([429, { code: 'tenant-quota-exceeded' }]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await api.storedJobs()).toHaveLength(1);
    await api.life.complete(id);
    expect((await api.ask('/v1/jobs', ask)).status).toBe(202);
  });

  test('a client may refuse to join a longer queue of its model', async () => {
    await using api = await openTestApi();
    const joining = (longest: number) =>
      api.ask(`/v1/jobs?max_queue_length=${longest}`, { method: 'POST', body: chat() });
    expect((await joining(0)).status).toBe(202);
    const refused = await joining(0);
    expect([refused.status, refused.body]).toMatchObject([429, { code: 'queue-too-long' }]);
    expect(refused.headers.has('retry-after')).toBe(true);
    expect((await joining(1)).status).toBe(202);
    expect(await api.storedJobs()).toHaveLength(2);
  });
});

describe('429: too fast', () => {
  test.each([
    ['requests', { requests_per_minute: 2 }],
    ['tokens', { tokens_per_minute: 200 }],
  ])('a tenant is told when it may submit again, for %s, and nobody else waits', async (_what, limits) => {
    await using api = await openTestApi({ config: limited(limits) });
    const long = chat('word '.repeat(70));
    for (let count = 0; count < 2; count += 1) await api.submit(long);
    const refused = await api.ask('/v1/jobs', { method: 'POST', body: long });
    expect([refused.status, refused.body]).toMatchObject([429, { code: 'tenant-rate-limited' }]);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(await api.storedJobs()).toHaveLength(2);
    expect((await api.submit(long, {}, 'other')).status).toBe('queued');
  });

  test('a replay is not counted, and not refused', async () => {
    await using api = await openTestApi({ config: limited({ requests_per_minute: 1 }) });
    const headers = { 'idempotency-key': 'once' };
    const { id } = await api.submit(chat(), headers);
    expect((await api.submit(chat(), headers)).id).toBe(id);
  });
});
