import { cloudBackendSchema } from '@spillway/contracts';
import type { AttemptOutcome, Endpoint, JsonObject } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { createCloudBackend } from '../create-backend.ts';
import { createPriceList } from '../prices/price-list.ts';
import { recording, type Sent } from '../testing/recording.ts';
import { startHttpServer } from '../testing/start-http-server.ts';

async function attempt(
  answer: JsonObject,
  endpoint: Endpoint,
  body: JsonObject,
  kind: 'openai' | 'openai-compatible' = 'openai',
): Promise<{ outcome: AttemptOutcome; sent: readonly Sent[] }> {
  const sent: Sent[] = [];
  await using server = await startHttpServer(recording(sent, answer));
  const models = { mini: 'gpt-5-mini' };
  const prices = { 'gpt-5-mini': { input_usd_per_million: 2, output_usd_per_million: 10 } };
  const config = cloudBackendSchema.parse({ kind, url: `${server.url}/v1`, api_key: 'k', models, prices });
  const backend = createCloudBackend(config, { nowMs: () => 0, prices: createPriceList(config) });
  const outcome = await backend.run({ endpoint, model: 'gpt-5-mini', body }, new AbortController());
  return { outcome, sent };
}

const response = (fields: JsonObject = {}): JsonObject => ({
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  error: null,
  output: [{ type: 'reasoning', id: 'rs_1', summary: [] }],
  usage: { input_tokens: 100, input_tokens_details: { cached_tokens: 40 }, output_tokens: 10 },
  ...fields,
});
const completion = {
  id: 'chatcmpl-1',
  created: 0,
  model: 'gpt-5-mini',
  choices: [{ message: { content: 'In reeds.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 100, completion_tokens: 10 },
};
const RESPONSES = { model: 'mini', input: 'Where do herons sleep?', store: false, truncation: 'auto' };
const MESSAGES = { model: 'mini', max_tokens: 50, messages: [{ role: 'user', content: 'Where?' }] };

describe('OpenAI', () => {
  test('is sent Responses as they came, but for model and stream, and its answer comes back as it is', async () => {
    const extra = { previous_response_id: 'resp_0', tools: [{ type: 'web_search' }], stream: true };
    const { outcome, sent } = await attempt(response(), '/v1/responses', { ...RESPONSES, ...extra });
    const { stream: _stream, ...kept } = extra;
    expect(sent).toEqual([{ path: '/v1/responses', body: { ...RESPONSES, ...kept, model: 'gpt-5-mini' } }]);
    expect(outcome).toEqual({
      kind: 'completed',
      statusCode: 200,
      body: response(),
      usage: { inputTokens: 100, cachedInputTokens: 40, outputTokens: 10, costMicroUsd: 300 },
    });
  });

  test('an answer that was cut off before its first word is an answer', async () => {
    const cut = response({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [],
    });
    expect((await attempt(cut, '/v1/responses', RESPONSES)).outcome).toMatchObject({
      kind: 'completed',
      body: { status: 'incomplete' },
    });
  });

  test.each([
    [{ status: 'queued' }, 'malformed-answer'],
    [{ usage: null }, 'malformed-answer'],
    [{ output: null }, 'malformed-answer'],
    [{ status: 'failed', error: { code: 'server_error', message: 'Oops.' } }, 'backend-error'],
    [{ status: 'failed', error: { code: 'rate_limit_exceeded', message: 'Slow.' } }, 'backend-overloaded'],
    [{ status: 'failed', error: { code: 'invalid_prompt', message: 'No.' } }, 'invalid-request'],
    [{ status: 'failed', error: null }, 'backend-error'],
  ])('a Response with %j ends as %s', async (fields, kind) => {
    const { outcome } = await attempt(response(fields), '/v1/responses', RESPONSES);
    expect(outcome).toMatchObject({ kind: 'failed', reason: { kind } });
  });

  test('a failure told in a Response never repeats the prompt', async () => {
    const error = { code: 'server_error', message: `cannot answer: ${RESPONSES.input}` };
    const { outcome } = await attempt(response({ status: 'failed', error }), '/v1/responses', RESPONSES);
    expect(JSON.stringify(outcome)).not.toContain('herons');
  });

  test('a Response in the background is refused, and nothing is sent', async () => {
    const { outcome, sent } = await attempt(response(), '/v1/responses', { ...RESPONSES, background: true });
    expect(outcome).toMatchObject({ reason: { kind: 'invalid-request' } });
    expect(sent).toEqual([]);
  });

  test.each([
    ['openai', 'max_completion_tokens'],
    ['openai-compatible', 'max_tokens'],
  ] as const)('%s is sent Messages as a chat, with the limit as %s', async (kind, limit) => {
    const { outcome, sent } = await attempt(completion, '/v1/messages', MESSAGES, kind);
    expect(sent).toEqual([
      {
        path: '/v1/chat/completions',
        body: { messages: MESSAGES.messages, [limit]: 50, model: 'gpt-5-mini' },
      },
    ]);
    expect(outcome).toMatchObject({
      kind: 'completed',
      body: { id: 'msg_1', type: 'message', content: [{ type: 'text', text: 'In reeds.' }] },
      usage: { inputTokens: 100, outputTokens: 10, costMicroUsd: 300 },
    });
  });

  test('compatible hosts are sent Responses as a chat', async () => {
    const { outcome, sent } = await attempt(completion, '/v1/responses', RESPONSES, 'openai-compatible');
    expect(sent.map(({ path }) => path)).toEqual(['/v1/chat/completions']);
    expect(outcome).toMatchObject({ kind: 'completed', body: { id: 'resp_1', object: 'response' } });
  });

  test('a limit in a chat is sent under the name the client gave it', async () => {
    const chat = { messages: MESSAGES.messages, max_tokens: 50 };
    const { sent } = await attempt(completion, '/v1/chat/completions', chat);
    expect(sent[0]?.body).toEqual({ ...chat, model: 'gpt-5-mini' });
  });

  test.each([
    [{ ...MESSAGES, thinking: { type: 'enabled', budget_tokens: 2000 } }, /^thinking\.type: /],
    [
      { ...MESSAGES, messages: [{ role: 'user', content: [{ type: 'container_upload' }] }] },
      /^messages\[0\]/,
    ],
  ])(
    'Messages that cannot be said as a chat are an invalid request, and nothing is sent',
    async (body, detail) => {
      const { outcome, sent } = await attempt(completion, '/v1/messages', body);
      expect(outcome).toEqual({
        kind: 'failed',
        reason: { kind: 'invalid-request', detail: expect.stringMatching(detail) as string },
      });
      expect(sent).toEqual([]);
    },
  );

  test('an answer that has no place in the client’s dialect is malformed', async () => {
    const tool_calls = [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a' } }];
    const broken = { ...completion, choices: [{ message: { tool_calls }, finish_reason: 'tool_calls' }] };
    expect((await attempt(broken, '/v1/messages', MESSAGES)).outcome).toMatchObject({
      reason: { kind: 'malformed-answer', detail: 'the arguments of a tool call are not a JSON object' },
    });
  });
});
