import { Anthropic } from '@anthropic-ai/sdk';
import { createOpenAI } from '@ai-sdk/openai';
import {
  experimental_getBatchResults as getBatchResults,
  experimental_getBatchStatus as getBatchStatus,
  experimental_startBatch as startBatch,
} from 'ai';
import { OpenAI, toFile } from 'openai';
import { newWebhookSecret } from '@spillway/webhook-signing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../src/test-platform.ts';
import { openWebhookInbox } from '../src/webhook-inbox.ts';

const LINES = 1500;
const MODEL = 'llama';

let house: TestPlatform;
const apiKey = (): string => house.apiKeys[0] ?? '';

beforeAll(async () => {
  house = await startTestPlatform({ speed: 'instant', slots: 64, replicas: { 'batch-worker': 2 } });
});
afterAll(() => house[Symbol.asyncDispose]());

const chatLine = (customId: string, body: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    custom_id: customId,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: MODEL, max_tokens: 8, messages: [{ role: 'user', content: `Say ${customId}.` }], ...body },
  });

const openSdk = (): OpenAI => new OpenAI({ baseURL: `${house.platform.apiUrl}/v1`, apiKey: apiKey() });

const upload = async (client: OpenAI, lines: readonly string[]) =>
  client.files.create({
    file: await toFile(Buffer.from(`${lines.join('\n')}\n`), 'batch.jsonl'),
    purpose: 'batch',
  });

async function untilEnded(client: OpenAI, id: string) {
  await expect
    .poll(async () => (await client.batches.retrieve(id)).status, { timeout: 60_000, interval: 100 })
    .toMatch(/^(completed|failed|expired|cancelled)$/);
  return client.batches.retrieve(id);
}

interface ResultLine {
  readonly custom_id: string;
  readonly response: { readonly status_code: number } | null;
}

async function linesOf(client: OpenAI, id: string | null | undefined): Promise<readonly ResultLine[]> {
  if (id === null || id === undefined) return [];
  const text = await (await client.files.content(id)).text();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ResultLine);
}

const byId = ([a = '']: readonly string[], [b = '']: readonly string[]): number => a.localeCompare(b);

describe('the official openai SDK, with another base URL and nothing else', () => {
  test(`files.create, batches.create, poll, files.content on ${LINES} lines, and a webhook that the SDK unwraps`, async () => {
    const client = openSdk();
    await using inbox = await openWebhookInbox();
    const secret = newWebhookSecret();
    const ids = Array.from({ length: LINES }, (_, index) => `line-${index}`);
    // A line that only the engine finds wrong.
    const file = await upload(client, [
      ...ids.map((id) => chatLine(id)),
      chatLine('refused', { messages: 'not a list' }),
    ]);
    // The SDK sends what it does not know as well.
    const extension = { webhook: { url: inbox.url, secret, events: ['batch.completed'] } };
    const batch = await client.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
      metadata: { night: 'one' },
      ...extension,
    });
    expect(batch.status).toBe('validating');

    const end = await untilEnded(client, batch.id);
    expect(end).toMatchObject({
      status: 'completed',
      request_counts: { total: LINES + 1, completed: LINES, failed: 1 },
      metadata: { night: 'one' },
    });
    expect(end.usage?.output_tokens).toBeGreaterThan(0);
    const output = await linesOf(client, end.output_file_id);
    expect(output.map(({ custom_id: id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(output.every(({ response }) => response?.status_code === 200)).toBe(true);
    const errors = await linesOf(client, end.error_file_id);
    expect(errors).toMatchObject([{ custom_id: 'refused', response: { status_code: 400 } }]);

    await expect.poll(() => inbox.received.length, { timeout: 10_000 }).toBe(1);
    const [hook] = inbox.received;
    const event = await client.webhooks.unwrap(hook?.body ?? '', hook?.headers ?? {}, secret);
    expect(event).toMatchObject({ type: 'batch.completed', data: { id: batch.id } });
  });

  test('a file with mistakes fails as a whole, with every mistake and its line', async () => {
    const client = openSdk();
    const file = await upload(client, [
      chatLine('a'),
      'not json',
      chatLine('a'),
      chatLine('b', { model: 'nobody' }),
    ]);
    const { id } = await client.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    const end = await untilEnded(client, id);
    expect(end.status).toBe('failed');
    expect(end.errors?.data?.map(({ code, line }) => [code, line])).toEqual([
      ['invalid_json_line', 2],
      ['duplicate_custom_id', 3],
      ['model_not_found', 4],
    ]);
  });
});

const ask = (
  path: string,
  { method = 'GET', prefer }: { readonly method?: string; readonly prefer?: string } = {},
): Promise<Response> =>
  fetch(`${house.platform.apiUrl}/v1/batches/${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey()}`, ...(prefer !== undefined && { prefer }) },
  });

describe('beyond the SDKs', () => {
  test('results are followed while the batch runs, its changes are events, and what failed is tried again', async () => {
    const client = openSdk();
    const wrong = { messages: 'not a list' };
    const file = await upload(client, [chatLine('good'), chatLine('bad', wrong), chatLine('worse', wrong)]);
    const { id } = await client.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    const [results, events] = await Promise.all([
      ask(`${id}/results`, { prefer: 'wait=60' }).then((answer) => answer.text()),
      ask(`${id}/events`).then((answer) => answer.text()),
    ]);
    const lines = results
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly custom_id: string; readonly seq: number });
    expect(lines.map(({ custom_id: customId }) => customId).toSorted()).toEqual(['bad', 'good', 'worse']);
    expect(lines.map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(events.split('\n\n').at(-2)).toContain('"status":"completed"');

    const again = (await (await ask(`${id}/retry`, { method: 'POST' })).json()) as { readonly id: string };
    const end = await untilEnded(client, again.id);
    expect(end).toMatchObject({
      retry_of: id,
      status: 'completed',
      request_counts: { total: 2, completed: 0, failed: 2 },
    });
    const failed = await linesOf(client, end.error_file_id);
    expect(failed.map(({ custom_id: customId }) => customId).toSorted()).toEqual(['bad', 'worse']);
  });
});

test('the Vercel AI SDK starts a batch, sees it complete and reads its results', async () => {
  const provider = createOpenAI({ baseURL: `${house.platform.apiUrl}/v1`, apiKey: apiKey() });
  const requests = ['one', 'two', 'three'].map((id) => ({
    id,
    type: 'text' as const,
    model: MODEL,
    prompt: `Say ${id}.`,
    maxOutputTokens: 16,
  }));
  const batch = await startBatch({ provider, requests });
  await expect
    .poll(async () => (await getBatchStatus({ provider, batch })).status, { timeout: 30_000, interval: 100 })
    .toBe('completed');
  const results = await Array.fromAsync(getBatchResults({ provider, batch }));
  expect(results.map(({ id, status }) => [id, status]).toSorted(byId)).toEqual([
    ['one', 'succeeded'],
    ['three', 'succeeded'],
    ['two', 'succeeded'],
  ]);
});

test('the official Anthropic SDK creates a message batch, retrieves it, iterates its results, lists and deletes it', async () => {
  const client = new Anthropic({ baseURL: house.platform.apiUrl, apiKey: apiKey() });
  const batch = await client.messages.batches.create({
    requests: [
      ...['a', 'b', 'c'].map((id) => ({
        custom_id: id,
        params: {
          model: MODEL,
          max_tokens: 16,
          messages: [{ role: 'user' as const, content: `Say ${id}.` }],
        },
      })),
      { custom_id: 'wrong', params: { model: MODEL, max_tokens: 16, messages: [] } },
    ],
  });
  expect(batch.processing_status).toBe('in_progress');
  expect(batch.request_counts.processing).toBe(4);
  await expect
    .poll(async () => (await client.messages.batches.retrieve(batch.id)).processing_status, {
      timeout: 30_000,
      interval: 100,
    })
    .toBe('ended');
  const results = await Array.fromAsync(await client.messages.batches.results(batch.id));
  expect(results.map((line) => [line.custom_id, line.result.type]).toSorted(byId)).toEqual([
    ['a', 'succeeded'],
    ['b', 'succeeded'],
    ['c', 'succeeded'],
    ['wrong', 'errored'],
  ]);
  const [succeeded] = results.flatMap(({ result }) => (result.type === 'succeeded' ? [result.message] : []));
  expect(succeeded).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'max_tokens' });
  const listed = await Array.fromAsync(client.messages.batches.list());
  expect(listed.map(({ id }) => id)).toEqual([batch.id]);
  await client.messages.batches.delete(batch.id);
  await expect(client.messages.batches.retrieve(batch.id)).rejects.toMatchObject({ status: 404 });
});

test('the official Anthropic SDK cancels a message batch, and every request has a result', async () => {
  const client = new Anthropic({ baseURL: house.platform.apiUrl, apiKey: apiKey() });
  const requests = Array.from({ length: 3000 }, (_, index) => ({
    custom_id: `r-${index}`,
    params: { model: MODEL, max_tokens: 16, messages: [{ role: 'user' as const, content: `Say ${index}.` }] },
  }));
  const { id } = await client.messages.batches.create({ requests });
  const cancelled = await client.messages.batches.cancel(id);
  expect(cancelled.processing_status).toBe('canceling');
  await expect
    .poll(async () => (await client.messages.batches.retrieve(id)).processing_status, {
      timeout: 30_000,
      interval: 100,
    })
    .toBe('ended');
  const end = await client.messages.batches.retrieve(id);
  const results = await Array.fromAsync(await client.messages.batches.results(id));
  expect(new Set(results.map(({ custom_id: customId }) => customId)).size).toBe(requests.length);
  expect(results.filter(({ result }) => result.type === 'canceled')).toHaveLength(
    end.request_counts.canceled,
  );
  expect(end.request_counts.canceled).toBeGreaterThan(0);
});
