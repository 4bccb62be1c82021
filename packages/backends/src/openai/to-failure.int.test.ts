import { cloudBackendSchema } from '@spillway/contracts';
import type { AttemptOutcome, FailureReason, JsonObject } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { createCloudBackend } from '../create-backend.ts';
import { createPriceList } from '../prices/price-list.ts';
import { answering, startHttpServer } from '../testing/start-http-server.ts';

const CHAT = { messages: [{ role: 'user', content: 'Where does the heron sleep in winter?' }] };

async function outcomeOf(
  status: number,
  answer: unknown,
  headers: Record<string, string> = {},
  body: JsonObject = CHAT,
): Promise<AttemptOutcome> {
  await using server = await startHttpServer(answering(status, answer, headers));
  const config = cloudBackendSchema.parse({
    kind: 'openai',
    url: server.url,
    api_key: 'k',
    models: { mini: 'gpt-5-mini' },
  });
  const backend = createCloudBackend(config, { nowMs: () => 0, prices: createPriceList(config) });
  const endpoint = 'input' in body ? '/v1/embeddings' : '/v1/chat/completions';
  return await backend.run({ endpoint, model: 'gpt-5-mini', body }, new AbortController());
}

const error = (message: string, code: string | null = null, type = 'invalid_request_error') => ({
  error: { message, type, param: null, code },
});

const TABLE: readonly [number, unknown, Record<string, string>, FailureReason][] = [
  [
    400,
    error("This model's maximum context length is 128000 tokens.", 'context_length_exceeded'),
    {},
    {
      kind: 'context-exceeded',
      detail: "This model's maximum context length is 128000 tokens.",
      limitTokens: 128_000,
    },
  ],
  [
    400,
    error('Input tokens exceed the limit.', 'context_length_exceeded'),
    {},
    { kind: 'context-exceeded', detail: 'Input tokens exceed the limit.' },
  ],
  [
    400,
    error('Unknown parameter: foo'),
    {},
    { kind: 'invalid-request', detail: 'Unknown parameter: foo', status: 400 },
  ],
  [
    400,
    error('Cannot parse "Where does the heron sleep in winter?"'),
    {},
    { kind: 'invalid-request', detail: 'HTTP 400', status: 400 },
  ],
  [422, error('no'), {}, { kind: 'invalid-request', detail: 'no', status: 422 }],
  [413, '<html>too large</html>', {}, { kind: 'invalid-request', detail: 'HTTP 413', status: 413 }],
  [401, error('Incorrect key'), {}, { kind: 'backend-refused-credentials', detail: 'Incorrect key' }],
  [403, error('Region'), {}, { kind: 'backend-refused-credentials', detail: 'Region' }],
  [403, error('No access', 'model_not_found'), {}, { kind: 'model-not-found', detail: 'No access' }],
  [404, error('No such model'), {}, { kind: 'model-not-found', detail: 'No such model' }],
  [402, error('Pay'), {}, { kind: 'backend-quota-exhausted', detail: 'Pay' }],
  [
    429,
    error('You exceeded your current quota', 'insufficient_quota', 'insufficient_quota'),
    { 'retry-after': '1' },
    { kind: 'backend-quota-exhausted', detail: 'You exceeded your current quota' },
  ],
  [
    429,
    error('Slow down', 'rate_limit_exceeded', 'requests'),
    { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6m0s' },
    { kind: 'backend-overloaded', detail: 'Slow down', retryAfterMs: 360_000 },
  ],
  [
    503,
    error('Overloaded'),
    { 'retry-after': 'Thu, 01 Jan 1970 00:00:03 GMT' },
    { kind: 'backend-overloaded', detail: 'Overloaded', retryAfterMs: 3000 },
  ],
  [529, 'full', {}, { kind: 'backend-overloaded', detail: 'full' }],
  [408, '', {}, { kind: 'backend-timeout', detail: 'HTTP 408' }],
  [504, '', {}, { kind: 'backend-timeout', detail: 'HTTP 504' }],
  [409, error('Conflict'), {}, { kind: 'backend-error', detail: 'Conflict', status: 409 }],
  [500, '{', {}, { kind: 'backend-error', detail: '{', status: 500 }],
  [
    307,
    '',
    { location: 'http://127.0.0.1:1/elsewhere' },
    { kind: 'backend-error', detail: 'HTTP 307', status: 307 },
  ],
];

describe('openai: what went wrong', () => {
  test.each(TABLE)('%i %j %j', async (status, answer, headers, reason) => {
    expect(await outcomeOf(status, answer, headers)).toEqual({ kind: 'failed', reason });
  });

  test.each([
    ['no choices', { id: 'x', usage: { prompt_tokens: 1, completion_tokens: 1 } }],
    ['empty choices', { choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }],
    ['no usage', { choices: [{}] }],
    ['negative usage', { choices: [{}], usage: { prompt_tokens: -1, completion_tokens: 1 } }],
    ['a list', []],
    ['half a body', '{"choices":['],
    ['nothing', ''],
  ])('an answer with %s is malformed', async (_name, answer) => {
    expect(await outcomeOf(200, answer)).toMatchObject({
      kind: 'failed',
      reason: { kind: 'malformed-answer' },
    });
  });

  test('an answer that is no JSON is malformed', async () => {
    expect(await outcomeOf(200, 'hello', { 'content-type': 'text/plain' })).toMatchObject({
      kind: 'failed',
      reason: { kind: 'malformed-answer' },
    });
  });
});

describe('openai: what was used', () => {
  test('tokens and cost come from the answer, cached tokens at their own price', async () => {
    const usage = {
      prompt_tokens: 1000,
      completion_tokens: 100,
      prompt_tokens_details: { cached_tokens: 400 },
    };
    expect(await outcomeOf(200, { choices: [{}], usage })).toMatchObject({
      kind: 'completed',
      usage: {
        inputTokens: 1000,
        cachedInputTokens: 400,
        outputTokens: 100,
        costMicroUsd: 600 * 0.25 + 400 * 0.025 + 100 * 2,
      },
    });
  });

  test('embeddings have input alone', async () => {
    const answer = { data: [{ embedding: [0.5] }], usage: { prompt_tokens: 8, total_tokens: 8 } };
    expect(await outcomeOf(200, answer, {}, { input: 'heron' })).toMatchObject({
      kind: 'completed',
      body: answer,
      usage: { inputTokens: 8, outputTokens: 0, costMicroUsd: 2 },
    });
  });
});
