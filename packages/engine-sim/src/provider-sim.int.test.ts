import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { simulatedDigest } from './answers/digest.ts';
import { startProviderSim, type RunningProviderSim } from './start-provider-sim.ts';
import { chat, get, post, sseData, until, type Answered } from './testing/http-client.ts';

let sim: RunningProviderSim;
beforeAll(async () => {
  sim = await startProviderSim({ speed: 'instant', apiKey: 'sim-key' });
});
afterEach(async () => {
  await post(`${sim.url}/_sim/reset`, {});
});
afterAll(() => sim.close());

const order = (...rules: readonly object[]): Promise<Answered> => post(`${sim.url}/_sim/faults`, { rules });
const openai = (path: string, body: unknown, key = 'sim-key'): Promise<Answered> =>
  post(`${sim.openaiBaseUrl}${path}`, body, { headers: { authorization: `Bearer ${key}` } });
const anthropic = (body: unknown, headers: Record<string, string> = {}): Promise<Answered> =>
  post(`${sim.anthropicBaseUrl}/v1/messages`, body, {
    headers: { 'x-api-key': 'sim-key', 'anthropic-version': '2023-06-01', ...headers },
  });
const message = (content: unknown, rest: object = {}): object => ({
  model: 'any-model',
  max_tokens: 500,
  messages: [{ role: 'user', content }],
  ...rest,
});

describe('the OpenAI face', () => {
  test('answers any model, with the digest of the job, rate limit headers and a request id', async () => {
    const answered = await openai('/chat/completions', chat('hello', { model: 'any-model' }));
    expect(JSON.parse(answered.text)).toMatchObject({ object: 'chat.completion', model: 'any-model' });
    expect(answered.text).toContain(`[simulated openai] ${simulatedDigest('hello')}`);
    expect(answered.headers.get('x-simulated')).toBe('true');
    expect(answered.headers.get('x-request-id')).toMatch(/^req_/u);
    expect(answered.headers.get('x-ratelimit-limit-requests')).toBe('10000');
    expect(answered.headers.get('x-ratelimit-reset-requests')).toMatch(/^(\d+m)?[\d.]+m?s$/u);
    expect(sim.stats().digestsSeen).toEqual([simulatedDigest('hello')]);
  });

  test('streams, completes, embeds and lists models', async () => {
    const streamed = await openai('/chat/completions', chat('hello', { stream: true }));
    expect(streamed.text).toContain('data: [DONE]');
    expect(JSON.stringify(sseData(streamed.text))).toContain(simulatedDigest('hello'));
    expect((await openai('/completions', { model: 'm', prompt: 'x' })).text).toContain('text_completion');
    const embedded = JSON.parse(
      (await openai('/embeddings', { model: 'm', input: 'x', dimensions: 8 })).text,
    ) as {
      data: { embedding: number[] }[];
    };
    expect(embedded.data[0]?.embedding).toHaveLength(8);
    const models = await get(`${sim.openaiBaseUrl}/models`, { authorization: 'Bearer sim-key' });
    expect(models.text).toContain('simulated-large');
  });

  test('reads a long first message from its cache the second time', async () => {
    const messages = [
      { role: 'system', content: 'x'.repeat(8_000) },
      { role: 'user', content: 'hello' },
    ];
    const ask = async (): Promise<unknown> =>
      JSON.parse((await openai('/chat/completions', { model: 'm', messages })).text);
    expect(await ask()).toMatchObject({ usage: { prompt_tokens_details: { cached_tokens: 0 } } });
    expect(await ask()).toMatchObject({ usage: { prompt_tokens_details: { cached_tokens: 1_920 } } });
  });

  test('401 for a wrong key, 400 for a wrong body, 404 for a wrong path, in its envelope', async () => {
    const wrongKey = await openai('/chat/completions', chat('x'), 'other');
    expect(wrongKey.status).toBe(401);
    expect(JSON.parse(wrongKey.text)).toEqual({
      error: {
        message: expect.any(String) as string,
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    });
    expect((await openai('/chat/completions', { messages: [] })).status).toBe(400);
    expect((await openai('/nothing', {})).status).toBe(404);
  });

  test.each([
    { kind: 'rate-limit-429', status: 429, code: 'rate_limit_exceeded' },
    { kind: 'insufficient-quota', status: 429, code: 'insufficient_quota' },
    { kind: 'unavailable-503', status: 503, code: null },
    { kind: 'error-500', status: 500, code: null },
    { kind: 'unauthorized-401', status: 401, code: 'invalid_api_key' },
  ])('plays $kind', async ({ kind, status, code }) => {
    await order({ kind, match: 'trouble', retry_after_seconds: 7 });
    const answered = await openai('/chat/completions', chat('trouble'));
    expect(answered.status).toBe(status);
    expect(JSON.parse(answered.text)).toMatchObject({ error: { code, param: null } });
    expect(answered.headers.get('retry-after')).toBe(kind === 'rate-limit-429' ? '7' : null);
    expect(answered.headers.get('x-simulated')).toBe('true');
    expect((await openai('/chat/completions', chat('calm'))).status).toBe(200);
  });
});

describe('the Anthropic face', () => {
  test('answers with a message, the digest over system and messages, its headers and usage', async () => {
    const answered = await anthropic(
      message([{ type: 'text', text: 'hello' }], { system: [{ type: 'text', text: 'Be terse. ' }] }),
    );
    expect(JSON.parse(answered.text)).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'any-model',
      stop_reason: 'end_turn',
      usage: { cache_read_input_tokens: 0 },
    });
    expect(answered.text).toContain(`[simulated anthropic] ${simulatedDigest('Be terse. hello')}`);
    expect(answered.headers.get('request-id')).toMatch(/^req_/u);
    expect(answered.headers.get('anthropic-ratelimit-requests-remaining')).toBe('9999');
    expect(answered.headers.get('anthropic-ratelimit-input-tokens-reset')).toMatch(/^\d{4}-.*Z$/u);
  });

  test('streams the same text in named events', async () => {
    const whole = JSON.parse((await anthropic(message('hello'))).text) as { content: { text: string }[] };
    const streamed = await anthropic(message('hello', { stream: true }));
    const events = streamed.text.split('\n').filter((line) => line.startsWith('event: '));
    expect(events.slice(0, 3)).toEqual(['event: message_start', 'event: content_block_start', 'event: ping']);
    expect(events.slice(-3)).toEqual([
      'event: content_block_stop',
      'event: message_delta',
      'event: message_stop',
    ]);
    const data = sseData(streamed.text) as { delta?: { text?: string } }[];
    expect(data.map(({ delta }) => delta?.text ?? '').join('')).toBe(whole.content[0]?.text);
  });

  test('calls the tool it must, and answers after a schema', async () => {
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
    const called = await anthropic(
      message('x', {
        tools: [{ name: 'answer', input_schema: schema }],
        tool_choice: { type: 'tool', name: 'answer' },
      }),
    );
    expect(JSON.parse(called.text)).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', name: 'answer', input: { ok: true } }],
    });
    const shaped = await anthropic(
      message('x', { output_config: { format: { type: 'json_schema', schema } } }),
    );
    expect(JSON.parse(shaped.text)).toMatchObject({ content: [{ type: 'text', text: '{"ok":true}' }] });
  });

  test('writes a marked system prompt to its cache and reads it the next time', async () => {
    const system = [{ type: 'text', text: 'x'.repeat(8_000), cache_control: { type: 'ephemeral' } }];
    const ask = async (): Promise<unknown> =>
      (JSON.parse((await anthropic(message('hello', { system }))).text) as { usage: unknown }).usage;
    expect(await ask()).toMatchObject({ cache_creation_input_tokens: 1_920, cache_read_input_tokens: 0 });
    expect(await ask()).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: 1_920 });
  });

  test('cuts at max_tokens and says so', async () => {
    const answered = await anthropic(message('hello', { max_tokens: 3 }));
    expect(JSON.parse(answered.text)).toMatchObject({
      stop_reason: 'max_tokens',
      usage: { output_tokens: 3 },
    });
  });

  test('401 for a wrong key, 400 without a version or max_tokens, in its envelope with the request id', async () => {
    const wrongKey = await anthropic(message('x'), { 'x-api-key': 'other' });
    expect(wrongKey.status).toBe(401);
    expect(JSON.parse(wrongKey.text)).toEqual({
      type: 'error',
      error: { type: 'authentication_error', message: 'invalid x-api-key' },
      request_id: wrongKey.headers.get('request-id'),
    });
    const noVersion = await post(`${sim.anthropicBaseUrl}/v1/messages`, message('x'), {
      headers: { 'x-api-key': 'sim-key' },
    });
    expect(noVersion.status).toBe(400);
    expect(noVersion.headers.get('x-simulated')).toBe('true');
    expect((await anthropic(message('x', { max_tokens: undefined }))).text).toContain('max_tokens');
  });

  test.each([
    { kind: 'rate-limit-429', status: 429, type: 'rate_limit_error' },
    { kind: 'overloaded-529', status: 529, type: 'overloaded_error' },
    { kind: 'unavailable-503', status: 503, type: 'api_error' },
    { kind: 'error-500', status: 500, type: 'api_error' },
    { kind: 'insufficient-quota', status: 400, type: 'invalid_request_error' },
    { kind: 'unauthorized-401', status: 401, type: 'authentication_error' },
  ])('plays $kind, and only here when the rule says so', async ({ kind, status, type }) => {
    await order({ kind, face: 'anthropic', retry_after_seconds: 7 });
    const answered = await anthropic(message('x'));
    expect(answered.status).toBe(status);
    expect(JSON.parse(answered.text)).toMatchObject({ type: 'error', error: { type } });
    expect(answered.headers.get('retry-after')).toBe(kind === 'rate-limit-429' ? '7' : null);
    expect((await openai('/chat/completions', chat('x'))).status).toBe(200);
  });
});

describe('a provider server', () => {
  test('refuses what comes above its requests per minute, with the time to wait', async () => {
    const limited = await startProviderSim({ speed: 'instant', requestsPerMinute: 2 });
    try {
      const ask = (): Promise<Answered> => post(`${limited.openaiBaseUrl}/chat/completions`, chat('x'));
      expect((await ask()).headers.get('x-ratelimit-remaining-requests')).toBe('1');
      expect((await ask()).headers.get('x-ratelimit-remaining-requests')).toBe('0');
      const refused = await ask();
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
      // the limit of one face is not that of the other
      const headers = { 'anthropic-version': '2023-06-01' };
      const other = await post(`${limited.anthropicBaseUrl}/v1/messages`, message('x'), { headers });
      expect(other.status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  test('takes its time for the first token and every other, divided by the speed', async () => {
    const latency = { firstTokenMs: 600, perTokenMs: 100 };
    const slow = await startProviderSim({ speed: 10, latency });
    try {
      for (const stream of [false, true]) {
        const startedAtMs = performance.now();
        await post(`${slow.openaiBaseUrl}/chat/completions`, chat('x', { max_tokens: 5, stream }));
        expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(95);
      }
    } finally {
      await slow.close();
    }
  });

  test('counts a client that hung up as aborted', async () => {
    const slow = await startProviderSim({ speed: 1 });
    try {
      const client = new AbortController();
      const url = `${slow.openaiBaseUrl}/chat/completions`;
      const asked = post(url, chat('x'), client).catch(() => 'hung up');
      await until(() => slow.stats().running === 1, 'the request to run');
      client.abort();
      expect(await asked).toBe('hung up');
      await until(() => slow.stats().aborted === 1, 'the abort to arrive');
      expect(slow.stats()).toMatchObject({ running: 0, admitted: 1, completed: 0 });
    } finally {
      await slow.close();
    }
  });
});
