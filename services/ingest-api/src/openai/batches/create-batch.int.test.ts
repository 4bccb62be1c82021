import type { BatchObject } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { openSdk } from '../../testing/open-sdk.ts';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { inputLines, upload } from '../../testing/upload.ts';

const PATH = '/v1/batches';
const WINDOW = { completion_window: '24h', endpoint: '/v1/chat/completions' } as const;
const post = (api: TestApi, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  api.ask(PATH, { method: 'POST', body, headers });
const create = async (api: TestApi, changes: Record<string, unknown> = {}) => {
  const input = await upload(api, inputLines(2));
  return post(api, { input_file_id: input, ...WINDOW, ...changes });
};

describe('200: the batch is accepted', () => {
  test("OpenAI's client creates, reads, lists and cancels it", async () => {
    await using api = await openTestApi();
    const client = openSdk(api);
    const input_file_id = await upload(api, inputLines(2));
    const options = { output_expires_after: { anchor: 'created_at', seconds: 3600 } } as const;
    const metadata = { night: 'first' };
    const batch = await client.batches.create({ input_file_id, ...WINDOW, ...options, metadata });
    expect(batch).toMatchObject({
      object: 'batch',
      input_file_id,
      ...WINDOW,
      status: 'validating',
      request_counts: { total: 0, completed: 0, failed: 0 },
      errors: null,
      metadata,
      in_progress_at: null,
    });
    expect((batch.expires_at ?? 0) - batch.created_at).toBe(86_400);
    expect(await client.batches.retrieve(batch.id)).toEqual(batch);
    const later = await client.batches.create({ input_file_id, ...WINDOW });
    const listed = await Array.fromAsync(client.batches.list({ limit: 1 }), ({ id }) => id);
    expect(listed).toEqual([later.id, batch.id]);
    expect(await client.batches.cancel(batch.id)).toMatchObject({ status: 'cancelling' });
  });

  test('a batch keeps the file it reads', async () => {
    await using api = await openTestApi();
    const input_file_id = await upload(api, inputLines(1));
    await post(api, { input_file_id, ...WINDOW });
    const deletion = await api.ask(`/v1/files/${input_file_id}`, { method: 'DELETE' });
    expect([deletion.status, deletion.body]).toMatchObject([409, { error: { code: 'file_in_use' } }]);
  });

  test.each([
    ['90m', 5400],
    ['14d', 1_209_600],
  ])('a window of %s ends after %i s', async (completion_window, seconds) => {
    await using api = await openTestApi();
    const { status, body } = await create(api, { completion_window });
    const { created_at, expires_at } = body as BatchObject;
    expect([status, expires_at - created_at]).toEqual([200, seconds]);
  });

  test('what is ours beside it is taken, and kept for its lines', async () => {
    await using api = await openTestApi();
    const webhook = { url: 'https://hooks.example.com/a', events: ['batch.completed'] };
    const options = { strategy: 'self_hosted_only', privacy: 'local_only' };
    const { status, body } = await create(api, { webhook, ...options, metadata: null });
    expect([status, body]).toMatchObject([200, { paused: false, retry_of: null }]);
    expect(await api.batchOf((body as BatchObject).id)).toMatchObject({ webhook, description: { options } });
  });

  test('the same body under the same key is the same batch, also once its file is gone', async () => {
    await using api = await openTestApi();
    const body = { input_file_id: await upload(api, inputLines(1)), ...WINDOW };
    const key = { 'idempotency-key': 'k' };
    const first = await post(api, body, key);
    const second = await post(api, body, key);
    expect([second.status, second.body]).toEqual([200, first.body]);
    const replayed = [first, second].map(({ headers }) => headers.get('idempotency-replayed'));
    expect(replayed).toEqual([null, 'true']);
    const { id } = first.body as BatchObject;
    await api.batchLife.reject(id, []);
    await api.ask(`/v1/files/${body.input_file_id}`, { method: 'DELETE' });
    expect((await post(api, body, key)).body).toEqual(first.body);
    expect((await post(api, body)).status).toBe(400);
  });
});

describe('400: the body does not match', () => {
  test.each([
    ['an endpoint of no text', { endpoint: '/v1/images/generations' }, 'endpoint'],
    ['Anthropic’s endpoint', { endpoint: '/v1/messages' }, 'endpoint'],
    ['no window', { completion_window: undefined }, 'completion_window'],
    ['a window too short', { completion_window: '59s' }, 'completion_window'],
    ['a window too long', { completion_window: '15d' }, 'completion_window'],
    ['no file', { input_file_id: undefined }, 'input_file_id'],
    ['what is no id', { input_file_id: 'file-1' }, 'input_file_id'],
    ['a file that never was', { input_file_id: `file-${'0'.repeat(26)}` }, 'input_file_id'],
    [
      'results kept too short',
      { output_expires_after: { anchor: 'created_at', seconds: 60 } },
      'output_expires_after.seconds',
    ],
    [
      'another anchor',
      { output_expires_after: { anchor: 'now', seconds: 3600 } },
      'output_expires_after.anchor',
    ],
    ['a long key', { metadata: { ['k'.repeat(65)]: '' } }, `metadata.${'k'.repeat(65)}`],
    ['a long value', { metadata: { k: 'v'.repeat(513) } }, 'metadata.k'],
    [
      '17 pairs',
      { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, ''])) },
      'metadata',
    ],
    ['an unknown member', { model: 'small' }, 'model'],
    ['local_only in the cloud', { strategy: 'cloud_only', privacy: 'local_only' }, 'strategy'],
    ['a webhook without a URL', { webhook: { url: 'x' } }, 'webhook.url'],
  ])('%s, naming it', async (_what, changes, param) => {
    await using api = await openTestApi();
    const { status, body } = await create(api, changes);
    expect([status, body]).toMatchObject([400, { error: { type: 'invalid_request_error', param } }]);
    expect((await api.ask(PATH)).body).toMatchObject({ data: [] });
  });

  test('the endpoints that there are stand in the refusal of another', async () => {
    await using api = await openTestApi();
    const { text } = await create(api, { endpoint: '/v1/moderations' });
    expect(text).toContain('/v1/chat/completions, /v1/completions, /v1/embeddings, /v1/responses');
  });

  test("another tenant's file is as unknown as one that never was", async () => {
    await using api = await openTestApi();
    const theirs = await upload(api, inputLines(1), { tenant: 'other' });
    const answer = await post(api, { input_file_id: theirs, ...WINDOW });
    const none = await post(api, { input_file_id: `file-${'0'.repeat(26)}`, ...WINDOW });
    expect([answer.status, answer.body]).toEqual([400, none.body]);
  });

  test('a file that was uploaded for something else is refused, saying so', async () => {
    await using api = await openTestApi();
    const input = await upload(api, inputLines(1), { purpose: 'user_data' });
    const { status, text } = await post(api, { input_file_id: input, ...WINDOW });
    expect([status, text]).toEqual([400, expect.stringContaining('user_data')]);
  });
});

describe('409: the key was used with another body', () => {
  test('is refused for good', async () => {
    await using api = await openTestApi();
    const body = { input_file_id: await upload(api, inputLines(1)), ...WINDOW };
    await post(api, body, { 'idempotency-key': 'k' });
    const answer = await post(api, { ...body, metadata: {} }, { 'idempotency-key': 'k' });
    expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([409, 'false']);
    expect(answer.body).toMatchObject({ error: { code: 'idempotency_conflict' } });
  });
});
