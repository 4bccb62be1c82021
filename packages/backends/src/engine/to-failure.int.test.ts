import { localBackendSchema } from '@spillway/contracts';
import type { InferenceBackend } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { createLocalBackend } from '../create-backend.ts';
import { answering, startHttpServer } from '../testing/start-http-server.ts';

const { signal } = new AbortController();
const at = (url: string, fields: Record<string, unknown> = {}): InferenceBackend =>
  createLocalBackend(localBackendSchema.parse({ kind: 'vllm', url, models: { m: 'm' }, ...fields }), {
    nowMs: () => 0,
  });

async function outcomeOf(status: number, answer: unknown) {
  await using server = await startHttpServer(answering(status, answer));
  const body = { prompt: 'Where does the heron sleep?' };
  return await at(server.url).run({ endpoint: '/v1/completions', model: 'm', body }, { signal });
}

describe('engine: what went wrong', () => {
  test.each([
    [
      'vLLM',
      {
        error: {
          message:
            "This model's maximum context length is 8192 tokens, but the prompt contains 9000 input tokens.",
          type: 'BadRequestError',
          code: 400,
        },
      },
      8192,
    ],
    [
      'vLLM before 0.10',
      { object: 'error', message: "This model's maximum context length is 4096 tokens." },
      4096,
    ],
    [
      'llama.cpp',
      {
        error: {
          code: 400,
          message:
            'request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it',
          type: 'exceed_context_size_error',
        },
      },
      4096,
    ],
  ])('the context limit is read from the words of %s', async (_engine, answer, limitTokens) => {
    expect(await outcomeOf(400, answer)).toMatchObject({
      kind: 'failed',
      reason: { kind: 'context-exceeded', limitTokens },
    });
  });

  test('a full queue is overload, a missing model is that, anything else in the request is invalid', async () => {
    expect(await outcomeOf(503, { error: { message: 'queue full' } })).toMatchObject({
      reason: { kind: 'backend-overloaded', detail: 'queue full' },
    });
    expect(await outcomeOf(404, { error: 'model "m" not found' })).toMatchObject({
      reason: { kind: 'model-not-found', detail: 'model "m" not found' },
    });
    const detail = [{ loc: ['body', 'prompt'], msg: 'bad', input: 'Where does the heron sleep?' }];
    expect(await outcomeOf(422, { detail })).toEqual({
      kind: 'failed',
      reason: { kind: 'invalid-request', detail: 'body.prompt: bad', status: 422 },
    });
  });

  test('an engine that does not count tokens still answers', async () => {
    for (const usage of [undefined, null, {}, { prompt_tokens: 'many' }])
      expect(await outcomeOf(200, { choices: [{ text: 'In reeds.' }], usage })).toMatchObject({
        kind: 'completed',
        usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, costMicroUsd: 0 },
      });
  });
});

describe('engine: the call', () => {
  test('the key is sent where there is one, and the body goes out without streaming', async () => {
    const seen: { authorization: string | undefined; body: unknown }[] = [];
    await using server = await startHttpServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        seen.push({ authorization: request.headers.authorization, body: JSON.parse(text) as unknown });
        answering(200, { choices: [{}] })(request, response);
      });
    });
    const body = { model: 'asked', prompt: 'p', stream: true, stream_options: {}, priority: 3 };
    const request = { endpoint: '/v1/completions', model: 'known', body } as const;
    await at(`${server.url}/v1`, { api_key: 'secret' }).run(request, { signal });
    expect(seen).toEqual([
      { authorization: 'Bearer secret', body: { model: 'known', prompt: 'p', priority: 3 } },
    ]);
  });
});

describe('engine: check', () => {
  const models = { object: 'list', data: [{ id: 'm', owned_by: 'vllm' }] };

  test('an engine whose /health fails is unhealthy, although it lists its models', async () => {
    await using server = await startHttpServer((request, response) => {
      answering(request.url === '/health' ? 503 : 200, models)(request, response);
    });
    expect(await at(server.url).check({ signal })).toEqual({
      kind: 'unhealthy',
      detail: '/health says 503',
    });
    expect(await at(server.url, { kind: 'ollama' }).check({ signal })).toEqual({
      kind: 'healthy',
      models: ['m'],
      simulated: false,
    });
  });

  test('a wrong key and a list that is none are unhealthy', async () => {
    await using refusing = await startHttpServer(answering(401, { error: 'Unauthorized' }));
    expect(await at(refusing.url).check({ signal })).toEqual({ kind: 'unhealthy', detail: 'HTTP 401' });
    await using odd = await startHttpServer(answering(200, { models: [] }));
    expect(await at(odd.url).check({ signal })).toMatchObject({ kind: 'unhealthy' });
  });

  test('a check ends with its signal', async () => {
    await using hanging = await startHttpServer(() => undefined);
    expect(await at(hanging.url).check({ signal: AbortSignal.timeout(50) })).toEqual({
      kind: 'unhealthy',
      detail: 'no answer in time',
    });
  });
});
