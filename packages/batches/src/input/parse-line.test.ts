import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { parseLine } from './parse-line.ts';

const params = {
  model: 'house-model',
  max_tokens: 100,
  messages: [
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: [{ type: 'text', text: 'Hi' }] },
  ],
} satisfies Anthropic.MessageCreateParamsNonStreaming;

const message = (changes: Readonly<Record<string, unknown>>) =>
  parseLine('anthropic', JSON.stringify({ custom_id: 'a', params: { ...params, ...changes } }));

describe('parseLine', () => {
  test('an OpenAI line is its body at its url', () => {
    const body = { model: 'house-model', input: 'Hello' };
    const line = { custom_id: 'a b', method: 'POST', url: '/v1/responses', body };
    expect(parseLine('openai', JSON.stringify(line))).toEqual({
      ok: true,
      value: { customId: 'a b', endpoint: '/v1/responses', request: body },
    });
  });

  test.each([
    ['{}', undefined],
    ['nonsense', undefined],
    ['{"custom_id":"a","method":"POST","url":"/v1/messages","body":{"model":"m"}}', 'a'],
    ['{"custom_id":"a","method":"POST","url":"/v1/embeddings","body":{}}', 'a'],
  ])('an OpenAI line that cannot be fed fails by itself: %s', (text, customId) => {
    expect(parseLine('openai', text)).toMatchObject({
      ok: false,
      error: { customId, code: 'invalid-request' },
    });
  });

  test('a message request is its params at /v1/messages', () => {
    expect(message({ stream: false, temperature: 0.5 })).toEqual({
      ok: true,
      value: {
        customId: 'a',
        endpoint: '/v1/messages',
        request: { ...params, stream: false, temperature: 0.5 },
      },
    });
  });

  test.each<[Readonly<Record<string, unknown>>, string]>([
    [{ model: undefined }, 'model: must be the name of a model'],
    [{ model: '' }, 'model: must be the name of a model'],
    [{ max_tokens: undefined }, 'max_tokens: must be a whole number of at least 1'],
    [{ max_tokens: 0 }, 'max_tokens: must be a whole number of at least 1'],
    [{ max_tokens: 1.5 }, 'max_tokens: must be a whole number of at least 1'],
    [{ stream: true }, 'stream: must be left out, a batch answers whole'],
    [{ speed: 'fast' }, 'speed: is not supported in batches'],
    [{ messages: undefined }, 'messages: at least one message is required'],
    [{ messages: [] }, 'messages: at least one message is required'],
    [{ messages: ['Hello'] }, 'messages.0: must be an object'],
    [
      { messages: [{ role: 'tool', content: '' }] },
      'messages.0.role: must be "user", "assistant" or "system"',
    ],
    [{ messages: [{ role: 'user' }] }, 'messages.0.content: must be a text or a list of content blocks'],
    [
      { messages: [{ role: 'user', content: [{ type: 'text', text: '' }, 'x'] }] },
      'messages.0.content.1: must be a content block with a type',
    ],
  ])('a message request with %j fails by itself', (changes, detail) => {
    expect(message(changes)).toEqual({
      ok: false,
      error: { customId: 'a', code: 'invalid-request', detail },
    });
  });
});
