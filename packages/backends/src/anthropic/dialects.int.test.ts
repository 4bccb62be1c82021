import { cloudBackendSchema } from '@spillway/contracts';
import type { AttemptOutcome, Endpoint, JsonObject } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { createCloudBackend } from '../create-backend.ts';
import { createPriceList } from '../prices/price-list.ts';
import { recording, type Sent } from '../testing/recording.ts';
import { startHttpServer } from '../testing/start-http-server.ts';

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-x',
  content: [
    { type: 'thinking', thinking: 'hmm', signature: 's' },
    { type: 'text', text: 'In reeds.', citations: null },
  ],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 60, cache_read_input_tokens: 40, output_tokens: 10, service_tier: 'standard' },
};

async function attempt(
  endpoint: Endpoint,
  body: JsonObject,
): Promise<{ outcome: AttemptOutcome; sent: readonly Sent[] }> {
  const sent: Sent[] = [];
  await using server = await startHttpServer(recording(sent, MESSAGE));
  const models = { claude: 'claude-x' };
  const prices = { 'claude-x': { input_usd_per_million: 2, output_usd_per_million: 10 } };
  const config = cloudBackendSchema.parse({
    kind: 'anthropic',
    url: server.url,
    api_key: 'k',
    models,
    prices,
  });
  const backend = createCloudBackend(config, { nowMs: () => 0, prices: createPriceList(config) });
  return { outcome: await backend.run({ endpoint, model: 'claude-x', body }, new AbortController()), sent };
}

const USAGE = { inputTokens: 100, cachedInputTokens: 40, outputTokens: 10 };

describe('Anthropic', () => {
  test('is sent Messages as they came, but for model and stream, and its answer comes back as it is', async () => {
    const body = {
      model: 'claude',
      max_tokens: 50,
      thinking: { type: 'enabled', budget_tokens: 2000 },
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Where?', cache_control: { type: 'ephemeral' } }] },
      ],
      some_future_field: [1],
    };
    const { outcome, sent } = await attempt('/v1/messages', { ...body, stream: true });
    expect(sent).toEqual([{ path: '/v1/messages', body: { ...body, model: 'claude-x' } }]);
    expect(outcome).toMatchObject({ kind: 'completed', statusCode: 200, usage: USAGE });
    expect(outcome.kind === 'completed' && outcome.body).toEqual(MESSAGE);
  });

  test('is sent Responses as Messages, and its answer comes back as a Response', async () => {
    const body = { model: 'claude', instructions: 'Be brief.', input: 'Where?', max_output_tokens: 50 };
    const { outcome, sent } = await attempt('/v1/responses', body);
    expect(sent).toEqual([
      {
        path: '/v1/messages',
        body: {
          model: 'claude-x',
          max_tokens: 50,
          system: 'Be brief.',
          messages: [{ role: 'user', content: [{ type: 'text', text: 'Where?' }] }],
        },
      },
    ]);
    expect(outcome).toMatchObject({
      kind: 'completed',
      body: {
        id: 'resp_1',
        object: 'response',
        status: 'completed',
        output: [{ type: 'message', content: [{ type: 'output_text', text: 'In reeds.' }] }],
        usage: { input_tokens: 100, input_tokens_details: { cached_tokens: 40 }, output_tokens: 10 },
      },
      usage: USAGE,
    });
  });

  test('a Response that only another backend can give is left to it', async () => {
    const { outcome, sent } = await attempt('/v1/responses', { input: 'Where?', temperature: 1.5 });
    expect(outcome).toMatchObject({ reason: { kind: 'unsupported-by-backend' } });
    expect(sent).toEqual([]);
  });

  test.each(['/v1/completions', '/v1/embeddings'] as const)(
    '%s is left to another backend',
    async (endpoint) => {
      const { outcome, sent } = await attempt(endpoint, { prompt: 'x', input: 'x' });
      expect(outcome).toMatchObject({ reason: { kind: 'unsupported-by-backend' } });
      expect(sent).toEqual([]);
    },
  );
});
