import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulatedDigest } from './answers/digest.ts';
import { startEngineSim, type RunningEngineSim } from './start-engine-sim.ts';
import { chat, get, post, sseData } from './testing/http-client.ts';

describe('the simulated engine answers', () => {
  let sim: RunningEngineSim;
  beforeAll(async () => {
    sim = await startEngineSim({ speed: 'instant', maxModelLen: 2_000 });
  });
  afterAll(() => sim.close());

  const chatCompletion = (body: object): ReturnType<typeof post> =>
    post(`${sim.url}/v1/chat/completions`, body);

  const embed = async (input: unknown, encoding: string): Promise<{ embedding: unknown }[]> => {
    const answered = await post(`${sim.url}/v1/embeddings`, { input, encoding_format: encoding });
    return (JSON.parse(answered.text) as { data: { embedding: unknown }[] }).data;
  };

  test('a chat with text that says it is simulated, the digest of the messages and usage', async () => {
    const messages = [
      { role: 'system', content: 'You are terse.' },
      { role: 'user', content: [{ type: 'text', text: 'Name a colour.' }] },
    ];
    const answered = await chatCompletion({ model: 'llama-3.1-8b-sim', messages, temperature: 0.3 });
    expect(answered.status).toBe(200);
    expect(answered.headers.get('x-simulated')).toBe('true');
    const body = JSON.parse(answered.text) as { choices: { message: { content: string } }[]; usage: Usage };
    expect(body).toMatchObject({
      object: 'chat.completion',
      model: 'llama-3.1-8b-sim',
      system_fingerprint: 'engine-sim',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant' } }],
      usage: { prompt_tokens: 16, prompt_tokens_details: { cached_tokens: 0 } },
    });
    const digest = simulatedDigest('You are terse.Name a colour.');
    expect(body.choices[0]?.message.content).toContain(`[simulated] ${digest}`);
    expect(body.usage.completion_tokens).toBeGreaterThanOrEqual(30);
    expect(body.usage.total_tokens).toBe(16 + body.usage.completion_tokens);
    expect(sim.stats().digestsSeen).toContain(digest);
  });

  test('the same request with the same content, streamed or not', async () => {
    const whole = await chatCompletion(chat('stream me'));
    const streamed = await chatCompletion(
      chat('stream me', { stream: true, stream_options: { include_usage: true } }),
    );
    expect(streamed.headers.get('content-type')).toContain('text/event-stream');
    expect(streamed.headers.get('x-simulated')).toBe('true');
    expect(streamed.text.endsWith('data: [DONE]\n\n')).toBe(true);
    const chunks = sseData(streamed.text) as Chunk[];
    const { choices, usage } = JSON.parse(whole.text) as { choices: Chunk['choices']; usage: Usage };
    const text = chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join('');
    expect(text).toBe(choices[0]?.message?.content);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage });
  });

  test('without include_usage a stream ends with the finish reason', async () => {
    const streamed = await chatCompletion(chat('stream me', { stream: true, max_tokens: 3 }));
    const chunks = sseData(streamed.text) as Chunk[];
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('length');
    expect(streamed.text).not.toContain('"usage"');
  });

  test('a completion, cut at max_tokens', async () => {
    const answered = await post(`${sim.url}/v1/completions`, { prompt: 'Once upon a time', max_tokens: 5 });
    expect(JSON.parse(answered.text)).toMatchObject({
      object: 'text_completion',
      choices: [{ finish_reason: 'length' }],
      usage: { completion_tokens: 5 },
    });
    const streamed = await post(`${sim.url}/v1/completions`, { prompt: 'Once upon a time', stream: true });
    const text = (sseData(streamed.text) as { choices: { text: string }[] }[]).map(
      ({ choices }) => choices[0]?.text,
    );
    expect(text.join('')).toContain(simulatedDigest('Once upon a time'));
  });

  test('structured output that fits its schema', async () => {
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
    const format = { type: 'json_schema', json_schema: { name: 'x', schema } };
    const answered = await chatCompletion(chat('as json', { response_format: format }));
    const body = JSON.parse(answered.text) as { choices: { message: { content: string } }[] };
    expect(JSON.parse(body.choices[0]?.message.content ?? '')).toEqual({
      ok: expect.any(Boolean) as boolean,
    });
  });

  test('what its prefix cache held of a prompt, and never that of another salt', async () => {
    // 129 tokens: eight full blocks, and one token that is computed in any case
    for (const [salt, cached] of [
      ['one', 0],
      ['one', 128],
      ['two', 0],
    ] as const) {
      expect(await usageOf(sim.url, salt)).toMatchObject({
        prompt_tokens: 129,
        prompt_tokens_details: { cached_tokens: cached },
      });
    }
    expect((await get(`${sim.url}/metrics`)).text).toMatch(/vllm:prefix_cache_hits_total\{[^}]*\} 128\n/u);
    expect((await chatCompletion(chat('hello', { cache_salt: '' }))).status).toBe(400);
    const plain = await startEngineSim({ speed: 'instant', prefixCaching: false });
    try {
      await usageOf(plain.url, 'one');
      expect(await usageOf(plain.url, 'one')).toMatchObject({ prompt_tokens_details: { cached_tokens: 0 } });
    } finally {
      await plain.close();
    }
  });

  test('embeddings: equal inputs are equal, others are not, and base64 holds the same numbers', async () => {
    const [first, same, other] = await embed(['a', 'a', 'b'], 'float');
    expect(first?.embedding).toHaveLength(64);
    expect(first?.embedding).toEqual(same?.embedding);
    expect(first?.embedding).not.toEqual(other?.embedding);
    const [packed] = await embed('a', 'base64');
    const bytes = Buffer.from(String(packed?.embedding), 'base64');
    const floats = Array.from({ length: 64 }, (_, index) => bytes.readFloatLE(index * 4));
    expect(floats).toEqual(first?.embedding);
  });

  test('what it serves and that it lives', async () => {
    const models = JSON.parse((await get(`${sim.url}/v1/models`)).text) as unknown;
    expect(models).toMatchObject({
      object: 'list',
      data: [{ id: 'llama-3.1-8b-sim', owned_by: 'engine-sim', max_model_len: 2_000 }],
    });
    expect((await get(`${sim.url}/health`)).status).toBe(200);
    expect((await get(`${sim.url}/version`)).text).toContain('simulated');
  });

  test('metrics under the names of vLLM, for this model', async () => {
    const { text } = await get(`${sim.url}/metrics`);
    const labels = 'engine="0",model_name="llama-3.1-8b-sim"';
    for (const line of [
      `vllm:num_requests_running{${labels}} 0`,
      `vllm:num_requests_waiting{${labels}} 0`,
      `vllm:num_requests_waiting_by_reason{${labels},reason="capacity"} 0`,
      `vllm:kv_cache_usage_perc{${labels}} 0`,
      `vllm:cache_config_info{${labels},block_size="16",num_gpu_blocks="6000"} 1`,
      `vllm:num_preemptions_total{${labels}} 0`,
      `vllm:generation_tokens_total{${labels}} ${sim.stats().generationTokens}`,
      `vllm:prompt_tokens_total{${labels}} ${sim.stats().promptTokens}`,
      `vllm:time_to_first_token_seconds_count{${labels}} ${sim.stats().completed}`,
      `engine_sim_power_watts{${labels}} 22`,
      `engine_sim_power_limit_watts{${labels}} 450`,
      `engine_sim_utilization_percent{${labels}} 0`,
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(sim.stats().generationTokens).toBeGreaterThan(0);
    expect(text).toMatch(/vllm:request_success_total\{[^}]*finished_reason="stop"\} [1-9]/u);
  });
});

async function usageOf(url: string, salt: string): Promise<unknown> {
  const body = chat('word '.repeat(100), { max_tokens: 1, cache_salt: salt });
  const answered = await post(`${url}/v1/chat/completions`, body);
  return (JSON.parse(answered.text) as { usage: object }).usage;
}

interface Usage {
  readonly completion_tokens: number;
  readonly total_tokens: number;
}
interface Chunk {
  readonly choices: readonly {
    readonly delta?: { readonly content?: string };
    readonly message?: { readonly content: string };
    readonly finish_reason: string | null;
  }[];
}
