import Anthropic from '@anthropic-ai/sdk';
import type { BatchId, TenantId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { failedOutcome, sampleOutcome } from '../../testing/batch-life.ts';
import { listBlobs } from '../../testing/list-blobs.ts';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { KEYS, testConfig } from '../../testing/samples.ts';

const PATH = '/v1/messages/batches';
const open = (api: TestApi) => new Anthropic({ baseURL: api.url, apiKey: KEYS.acme, maxRetries: 0 });
const request = (custom_id: string) => ({
  custom_id,
  params: { model: 'small', max_tokens: 16, messages: [{ role: 'user' as const, content: 'Hello' }] },
});
const post = (api: TestApi, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  api.ask(PATH, { method: 'POST', body, headers });
const ours = (id: string) => id.replace(/^msg/, '') as BatchId;

describe("Anthropic's client", () => {
  test('creates, reads, lists, cancels, reads the results, and deletes', async () => {
    await using api = await openTestApi();
    const client = open(api);
    const batch = await client.messages.batches.create({ requests: ['a', 'b', 'c'].map(request) });
    expect(batch).toMatchObject({
      type: 'message_batch',
      processing_status: 'in_progress',
      request_counts: { processing: 3, succeeded: 0 },
      results_url: null,
      archived_at: null,
    });
    expect(Date.parse(batch.expires_at) - Date.parse(batch.created_at)).toBe(86_400_000);
    expect(await client.messages.batches.retrieve(batch.id)).toEqual(batch);

    const id = ours(batch.id);
    await api.batchLife.begin(id, 3);
    const body = { id: 'msg_1', type: 'message', content: [] };
    await api.batchLife.settle(id, sampleOutcome(1, { customId: 'b', body }), {
      ...failedOutcome(0),
      customId: 'a',
    });
    expect(await client.messages.batches.retrieve(batch.id)).toMatchObject({
      request_counts: { processing: 3 },
    });
    const canceled = await client.messages.batches.cancel(batch.id);
    expect(canceled).toMatchObject({ processing_status: 'canceling' });
    expect(canceled.cancel_initiated_at).not.toBeNull();
    await api.batchLife.end(id);
    expect(await client.messages.batches.retrieve(batch.id)).toMatchObject({
      processing_status: 'ended',
      request_counts: { processing: 0, succeeded: 1, errored: 1 },
      results_url: `${api.url}${PATH}/${batch.id}/results`,
    });
    const results = await Array.fromAsync(await client.messages.batches.results(batch.id));
    expect(results).toMatchObject([
      { custom_id: 'b', result: { type: 'succeeded', message: body } },
      {
        custom_id: 'a',
        result: { type: 'errored', error: { type: 'error', error: { type: 'timeout_error' } } },
      },
    ]);
    expect(await client.messages.batches.delete(batch.id)).toEqual({
      id: batch.id,
      type: 'message_batch_deleted',
    });
    await expect(client.messages.batches.retrieve(batch.id)).rejects.toMatchObject({ status: 404 });
  });

  test('pages in both directions', async () => {
    await using api = await openTestApi();
    const client = open(api);
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      ids.unshift((await client.messages.batches.create({ requests: [request(name)] })).id);
    }
    const listed = await Array.fromAsync(client.messages.batches.list({ limit: 2 }), ({ id }) => id);
    expect(listed).toEqual(ids);
    const before = await client.messages.batches.list({ limit: 2, before_id: ids[4] ?? '' });
    expect([before.data.map(({ id }) => id), before.has_more]).toEqual([[ids[2], ids[3]], true]);
  });
});

describe('200: the requests are on disk', () => {
  test('as one line each, whatever their order and blanks were', async () => {
    await using api = await openTestApi();
    const text = `{ "requests" : [ ${JSON.stringify(request('a'), null, 2)} ,\n${JSON.stringify(request('b'))}]}\n`;
    const { status, body } = await post(api, text, { 'content-type': 'application/json; charset=utf-8' });
    expect([status, body]).toMatchObject([200, { request_counts: { processing: 2 } }]);
    const [input] = await listBlobs(api);
    const read = input && (await api.blobs.read(input.key, { signal: AbortSignal.timeout(5000) }));
    const bytes = await Array.fromAsync(read?.body ?? []);
    const lines = Buffer.concat(bytes).toString('utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([request('a'), request('b')]);
  });

  test('what the params say is not looked at yet', async () => {
    await using api = await openTestApi();
    const { status } = await post(api, {
      requests: [{ custom_id: 'a', params: { stream: true, model: 'none' } }],
    });
    expect(status).toBe(200);
  });

  test('the same body under the same key is the same batch and one input', async () => {
    await using api = await openTestApi();
    const send = () => post(api, { requests: [request('a')] }, { 'idempotency-key': 'k' });
    const [first, second] = [await send(), await send()];
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(await listBlobs(api)).toHaveLength(1);
  });

  test('whom the configuration names for the tenant is told of it', async () => {
    const webhook = { url: 'https://hooks.example.com/a' };
    const { tenants, ...rest } = testConfig();
    const acme = tenants['acme' as TenantId];
    const config = testConfig({ ...rest, tenants: { ...tenants, acme: { ...acme, webhook } } });
    await using api = await openTestApi({ config });
    const { body } = await post(api, { requests: [request('a')] });
    expect(await api.batchOf(ours((body as { id: string }).id))).toMatchObject({ webhook });
  });

  test('behind a proxy, the results are where the client reaches them', async () => {
    await using api = await openTestApi();
    const { body } = await post(api, { requests: [request('a')] });
    const { id } = body as { id: string };
    await api.batchLife.reject(ours(id), []);
    const answer = await api.ask(`${PATH}/${id}`, { headers: { 'x-forwarded-proto': 'https' } });
    expect(answer.body).toMatchObject({
      results_url: `${api.url.replace('http:', 'https:')}${PATH}/${id}/results`,
    });
  });
});

describe('400: the body is no list of requests', () => {
  const twice = [request('a'), request('a')];
  test.each([
    ['no JSON', '{"requests":[', 'the body ends'],
    ['another member', { requests: [request('a')], model: 'small' }, 'the body'],
    ['no requests', { requests: [] }, 'requests: '],
    ['a request without an id', { requests: [{ params: {} }] }, 'requests.0.custom_id: '],
    ['an id of other characters', { requests: [request('a'), request('b c')] }, 'requests.1.custom_id: '],
    ['a long id', { requests: [request('a'.repeat(65))] }, 'requests.0.custom_id: '],
    ['an id twice', { requests: twice }, 'requests.1.custom_id: '],
    ['no params', { requests: [{ custom_id: 'a' }] }, 'requests.0.params: '],
  ])('%s, and nothing of it is left', async (_what, body, message) => {
    await using api = await openTestApi();
    const answer = await post(api, body, { 'content-type': 'application/json' });
    expect([answer.status, answer.body]).toMatchObject([
      400,
      {
        type: 'error',
        error: { type: 'invalid_request_error', message: expect.stringContaining(message) as unknown },
      },
    ]);
    expect(await listBlobs(api)).toEqual([]);
    expect(api.log).toEqual([]);
  });

  test('a key that is none is refused before the body is read', async () => {
    await using api = await openTestApi();
    const answer = await post(api, { requests: [request('a')] }, { 'idempotency-key': 'k'.repeat(256) });
    expect([answer.status, await listBlobs(api)]).toEqual([400, []]);
  });

  test.each(['limit=0', 'limit=1001', 'after_id=batch_1', 'after=x'])('a list with %s', async (query) => {
    await using api = await openTestApi();
    const { status, body } = await api.ask(`${PATH}?${query}`);
    expect([status, body]).toMatchObject([400, { error: { type: 'invalid_request_error' } }]);
  });
});

describe('404: no such batch of this tenant and face', () => {
  test.each([
    ['GET', ''],
    ['GET', '/results'],
    ['POST', '/cancel'],
    ['DELETE', ''],
  ] as const)('%s %s', async (method, suffix) => {
    await using api = await openTestApi();
    const { body } = await post(api, { requests: [request('a')] });
    const { id } = body as { id: string };
    const documents = await api.submitBatch([{ name: 'a.txt', text: 'a' }]);
    const answers = await Promise.all([
      api.ask(`${PATH}/${id}${suffix}`, { method, tenant: 'other' }),
      api.ask(`${PATH}/msg${documents.id}${suffix}`, { method }),
      api.ask(`${PATH}/${ours(id)}${suffix}`, { method }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await api.ask(`${PATH}/${id}`)).status).toBe(200);
  });

  test('there are no results before the end', async () => {
    await using api = await openTestApi();
    const { body } = await post(api, { requests: [request('a')] });
    const answer = await api.ask(`${PATH}/${(body as { id: string }).id}/results`);
    expect([answer.status, answer.body]).toMatchObject([404, { error: { type: 'not_found_error' } }]);
  });
});

describe('409: not now', () => {
  test('a batch is deleted only once it has ended, and cancelled only before', async () => {
    await using api = await openTestApi();
    const { body } = await post(api, { requests: [request('a')] });
    const { id } = body as { id: string };
    const early = await api.ask(`${PATH}/${id}`, { method: 'DELETE' });
    expect([early.status, early.body]).toMatchObject([409, { error: { type: 'conflict_error' } }]);
    await api.batchLife.reject(ours(id), []);
    const late = await api.ask(`${PATH}/${id}/cancel`, { method: 'POST' });
    expect([late.status, late.headers.get('x-should-retry')]).toEqual([409, 'false']);
  });

  test('another body under the key leaves nothing behind', async () => {
    await using api = await openTestApi();
    const key = { 'idempotency-key': 'k' };
    await post(api, { requests: [request('a')] }, key);
    const answer = await post(api, { requests: [request('b')] }, key);
    expect([answer.status, (await listBlobs(api)).length]).toEqual([409, 1]);
  });
});

describe('413: more than a batch may have', () => {
  const config = testConfig({ limits: { max_message_batch_bytes: 4096, max_message_batch_requests: 3 } });
  const long = { requests: [{ custom_id: 'a', params: { text: 'x'.repeat(5000) } }] };
  test.each([
    ['requests', { requests: ['a', 'b', 'c', 'd'].map(request) }],
    ['bytes', long],
    ['bytes, without saying how many', new Blob([JSON.stringify(long)]).stream()],
  ])('%s', async (_what, body) => {
    await using api = await openTestApi({ config });
    const answer = await post(api, body, { 'content-type': 'application/json' });
    expect([answer.status, answer.body]).toMatchObject([413, { error: { type: 'request_too_large' } }]);
    expect(await listBlobs(api)).toEqual([]);
  });
});

describe('415: no JSON', () => {
  test('is refused before it is read', async () => {
    await using api = await openTestApi();
    const { status, body } = await post(api, 'requests', { 'content-type': 'text/plain' });
    expect([status, body]).toMatchObject([415, { error: { type: 'invalid_request_error' } }]);
  });
});

test('other tenants see nothing of it', async () => {
  await using api = await openTestApi();
  await post(api, { requests: [request('a')] });
  expect((await api.ask(PATH, { tenant: 'other' })).body).toEqual({
    data: [],
    has_more: false,
    first_id: null,
    last_id: null,
  });
  const blobs = api.blobs.list(
    { tenantId: 'other' as TenantId, path: '' },
    { signal: AbortSignal.timeout(5000) },
  );
  expect(await Array.fromAsync(blobs)).toEqual([]);
});
