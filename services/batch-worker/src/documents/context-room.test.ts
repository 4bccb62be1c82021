import { configSchema } from '@spillway/contracts';
import { estimateRequestTokens } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { contextTokensOf, roomForText } from './context-room.ts';
import { documentOptions, TOTAL_SCHEMA } from './documents.fixtures.ts';
import { buildRequest } from './prompt.ts';

const config = configSchema.parse({
  backends: {
    'gpu-0': {
      kind: 'vllm',
      url: 'http://127.0.0.1:9/v1',
      models: { small: 'small' },
      context_tokens: 16_000,
    },
    'gpu-1': {
      kind: 'vllm',
      url: 'http://127.0.0.1:9/v1',
      models: { small: 'small' },
      kv_capacity_tokens: 12_000,
    },
    'gpu-2': { kind: 'vllm', url: 'http://127.0.0.1:9/v1', models: { tiny: 'tiny' }, context_tokens: 512 },
    'cloud-0': { kind: 'openai', api_key: 'none', models: { small: 'small' }, context_tokens: 4000 },
    'cloud-1': { kind: 'openai', api_key: 'none', models: { unsaid: 'unsaid' } },
  },
});

describe('the window a document is cut for', () => {
  test.each([
    ['that of the smallest backend that may run it', documentOptions(), false, 4000],
    ['of a pinned document that of a local one', documentOptions(), true, 12_000],
    [
      'that of a local one where the cloud is ruled out',
      documentOptions({ strategy: 'self_hosted_only' }),
      false,
      12_000,
    ],
    [
      'that of the cloud where the engines are ruled out',
      documentOptions({ strategy: 'cloud_only' }),
      false,
      4000,
    ],
    ['of any model that of the smallest backend', documentOptions({ model: 'auto' }), false, 512],
    ['8192 where nobody says', documentOptions({ model: 'unsaid' }), false, 8192],
  ])('is %s', (_is, options, pinned, tokens) => {
    expect(contextTokensOf(options, pinned, config)).toBe(tokens);
  });

  test.each([
    ['that of a local one where the strategy never uses the cloud', 'never', 12_000],
    ['that of the cloud where the strategy uses nothing else', 'only', 4000],
  ] as const)('by the configuration, whatever the strategy is called, is %s', (_is, cloud, tokens) => {
    const { routing } = configSchema.parse({ routing: { strategies: { fast: { cloud } } } });
    expect(contextTokensOf(documentOptions({ strategy: 'fast' }), false, { ...config, routing })).toBe(
      tokens,
    );
  });
});

const roomOf = (options: ReturnType<typeof documentOptions>, context = 4000): number => {
  const room = roomForText(options, 'a.txt', context);
  if (!room.ok) throw new Error(room.error.detail);
  return room.value;
};

describe('the room for text', () => {
  test.each([
    ['an instruction', documentOptions()],
    [
      'a template that holds the text twice',
      documentOptions({ instruction: '{{document}} Again: {{document}}' }),
    ],
    ['a schema', documentOptions({ schema: TOTAL_SCHEMA })],
  ])('leaves a window’s estimate a quarter short: %s', (_what, options) => {
    const text = 'word '.repeat((roomOf(options) * 4) / 5);
    const request = buildRequest(options, {
      name: 'a.txt',
      text,
      holds: 'answers',
      part: { number: 1, of: 2 },
    });
    if (!request.ok) throw new Error(request.error.detail);
    const { inputTokens, outputTokens } = estimateRequestTokens('/v1/chat/completions', request.value);
    expect(inputTokens * 1.25 + outputTokens).toBeLessThanOrEqual(4000);
  });

  test('is smaller by what a repair would add, where there is a schema', () => {
    expect(roomOf(documentOptions()) - roomOf(documentOptions({ schema: TOTAL_SCHEMA }))).toBeGreaterThan(
      400,
    );
  });

  test('that is none is refused, with the numbers', () => {
    const room = roomForText(documentOptions({ max_output_tokens: 4000 }), 'a.txt', 4000);
    expect(room).toMatchObject({ ok: false, error: { code: 'context-exceeded' } });
  });

  test('of a template with an unknown placeholder is refused', () => {
    const room = roomForText(documentOptions({ instruction: '{{invoice}}' }), 'a.txt', 4000);
    expect(room).toMatchObject({ ok: false, error: { code: 'invalid-request' } });
  });
});
