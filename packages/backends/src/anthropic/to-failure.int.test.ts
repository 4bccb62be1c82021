import { cloudBackendSchema } from '@spillway/contracts';
import type { FailureReason, InferenceRequest } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { createCloudBackend } from '../create-backend.ts';
import { createPriceList } from '../prices/price-list.ts';
import { answering, startHttpServer } from '../testing/start-http-server.ts';

const REQUEST: InferenceRequest = {
  endpoint: '/v1/chat/completions',
  model: 'claude-sonnet-4-5',
  body: { messages: [{ role: 'user', content: 'Where does the heron sleep in winter?' }] },
};

async function attempt(
  status: number,
  answer: unknown,
  headers: Record<string, string> = {},
  request: InferenceRequest = REQUEST,
) {
  const sent: (string | undefined)[] = [];
  await using server = await startHttpServer((incoming, response) => {
    sent.push(incoming.url);
    answering(status, answer, headers)(incoming, response);
  });
  const models = { sonnet: 'claude-sonnet-4-5' };
  const config = cloudBackendSchema.parse({ kind: 'anthropic', url: server.url, api_key: 'k', models });
  const backend = createCloudBackend(config, { nowMs: () => 0, prices: createPriceList(config) });
  return { outcome: await backend.run(request, new AbortController()), sent };
}

const error = (type: string, message: string) => ({ type: 'error', error: { type, message } });

const TABLE: readonly [number, unknown, Record<string, string>, FailureReason][] = [
  [
    400,
    error('invalid_request_error', 'prompt is too long: 208310 tokens > 200000 maximum'),
    {},
    {
      kind: 'context-exceeded',
      detail: 'prompt is too long: 208310 tokens > 200000 maximum',
      limitTokens: 200_000,
    },
  ],
  [
    400,
    error(
      'invalid_request_error',
      'input length and `max_tokens` exceed context limit: 190000 + 21333 > 200000, decrease input length',
    ),
    {},
    {
      kind: 'context-exceeded',
      detail:
        'input length and `max_tokens` exceed context limit: 190000 + 21333 > 200000, decrease input length',
      limitTokens: 200_000,
    },
  ],
  [
    400,
    error('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
    {},
    {
      kind: 'backend-quota-exhausted',
      detail: 'Your credit balance is too low to access the Anthropic API.',
    },
  ],
  [
    402,
    error('billing_error', 'Billing problem'),
    {},
    { kind: 'backend-quota-exhausted', detail: 'Billing problem' },
  ],
  [
    400,
    error('invalid_request_error', 'tools.0.name: too long'),
    {},
    { kind: 'invalid-request', detail: 'tools.0.name: too long', status: 400 },
  ],
  [
    413,
    error('request_too_large', 'Request exceeds the maximum size'),
    {},
    { kind: 'invalid-request', detail: 'Request exceeds the maximum size', status: 413 },
  ],
  [
    401,
    error('authentication_error', 'invalid x-api-key'),
    {},
    { kind: 'backend-refused-credentials', detail: 'invalid x-api-key' },
  ],
  [
    403,
    error('permission_error', 'not allowed'),
    {},
    { kind: 'backend-refused-credentials', detail: 'not allowed' },
  ],
  [404, error('not_found_error', 'model: x'), {}, { kind: 'model-not-found', detail: 'model: x' }],
  [
    429,
    error('rate_limit_error', 'This request would exceed your rate limit'),
    {
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-input-tokens-reset': '1970-01-01T00:00:42Z',
    },
    {
      kind: 'backend-overloaded',
      detail: 'This request would exceed your rate limit',
      retryAfterMs: 42_000,
    },
  ],
  [529, error('overloaded_error', 'Overloaded'), {}, { kind: 'backend-overloaded', detail: 'Overloaded' }],
  [504, error('timeout_error', 'Timed out'), {}, { kind: 'backend-timeout', detail: 'Timed out' }],
  [500, error('api_error', 'Internal'), {}, { kind: 'backend-error', detail: 'Internal', status: 500 }],
  [502, '<html>bad gateway</html>', {}, { kind: 'backend-error', detail: 'HTTP 502', status: 502 }],
];

describe('anthropic: what went wrong', () => {
  test.each(TABLE)('%i %j %j', async (status, answer, headers, reason) => {
    const { outcome, sent } = await attempt(status, answer, headers);
    expect(outcome).toEqual({ kind: 'failed', reason });
    expect(sent).toEqual(['/v1/messages']);
  });

  test.each([
    ['no content', { id: 'x', model: 'm', stop_reason: null, usage: { input_tokens: 1, output_tokens: 1 } }],
    ['no usage', { id: 'x', model: 'm', content: [], stop_reason: null }],
    ['no JSON', 'hello'],
  ])('an answer with %s is malformed', async (_name, answer) => {
    expect((await attempt(200, answer)).outcome).toMatchObject({ reason: { kind: 'malformed-answer' } });
  });

  test('what cannot be translated is refused by name, and nothing is sent', async () => {
    const request = { ...REQUEST, body: { ...REQUEST.body, logprobs: true } };
    const { outcome, sent } = await attempt(200, {}, {}, request);
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: { kind: 'unsupported-by-backend', detail: expect.stringContaining('logprobs') as string },
    });
    expect(sent).toEqual([]);
  });

  test('another endpoint is one that this backend does not speak: another backend may', async () => {
    const { outcome, sent } = await attempt(200, {}, {}, { ...REQUEST, endpoint: '/v1/embeddings' });
    expect(outcome).toMatchObject({ reason: { kind: 'unsupported-by-backend' } });
    expect(sent).toEqual([]);
  });

  test('a whole answer is translated, counted and priced', async () => {
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5-20250929',
      content: [{ type: 'text', text: 'In reeds.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 100, cache_read_input_tokens: 50, output_tokens: 10 },
    };
    expect((await attempt(200, message)).outcome).toMatchObject({
      kind: 'completed',
      body: { object: 'chat.completion', choices: [{ message: { content: 'In reeds.' } }] },
      usage: {
        inputTokens: 150,
        cachedInputTokens: 50,
        outputTokens: 10,
        costMicroUsd: 100 * 3 + 50 * 0.3 + 10 * 15,
      },
    });
  });
});
