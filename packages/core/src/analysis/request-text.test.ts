import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json.ts';
import { requestText, UNREADABLE } from './request-text.ts';

const isUnreadable = (body: JsonObject): boolean => [...requestText(body)].includes(UNREADABLE);

const content = (part: unknown): JsonObject => ({ messages: [{ role: 'user', content: [part] }] });

describe('requestText', () => {
  test('holds every message of every role, not only the last', () => {
    const pieces = [
      ...requestText({
        messages: [
          { role: 'system', content: 'first' },
          { role: 'user', content: [{ type: 'text', text: 'second' }] },
          { role: 'assistant', content: null, tool_calls: [{ function: { arguments: 'third' } }] },
          { role: 'tool', content: 'fourth' },
        ],
      }),
    ];
    expect(pieces).toEqual(expect.arrayContaining(['first', 'second', 'third', 'fourth']));
    expect(pieces).not.toContain(UNREADABLE);
  });

  test('holds prompts, inputs, tools and any field a backend would be sent, by name and value', () => {
    const pieces = [
      ...requestText({
        prompt: ['a'],
        input: 'b',
        tools: [{ c: 'd' }],
        user: 'e',
        metadata: { f: 'g' },
        h: 1,
      }),
    ];
    expect(pieces).toEqual(expect.arrayContaining(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'user', 'h']));
  });

  test('leaves out the model, which the adapter replaces', () => {
    expect([...requestText({ model: 'some-model' })]).toEqual([]);
  });
});

describe('what no detector can read', () => {
  test.each<[string, JsonObject]>([
    ['an image', content({ type: 'image_url', image_url: { url: 'https://example.com/a.png' } })],
    ['sound', content({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } })],
    ['a file', content({ type: 'file', file: { file_id: 'file-1' } })],
    ['a part of a type nobody has heard of', content({ type: 'hologram' })],
    [
      'a part of no type that is more than text',
      content({ text: 'look', image_url: 'data:image/png;base64,A' }),
    ],
    ['a part that is not in a list', { messages: [{ role: 'user', content: { type: 'image_url' } }] }],
    ['token numbers as a prompt', { prompt: [128_000, 9906] }],
    ['lists of token numbers', { prompt: [[128_000, 9906]] }],
    ['token numbers as an input', { input: [9906] }],
    ['an image as an input', { input: [{ type: 'input_image', image_url: 'data:image/png;base64,A' }] }],
    ['an image in a message of an input', { input: [{ role: 'user', content: [{ type: 'input_image' }] }] }],
    ['prompt embeddings', { prompt_embeds: 'AAAA' }],
  ])('%s is said to be there', (_what, body) => {
    expect(isUnreadable(body)).toBe(true);
  });

  test.each<[string, JsonObject]>([
    ['plain text', { messages: [{ role: 'user', content: 'hello' }] }],
    ['text parts', content({ type: 'text', text: 'hello' })],
    ['a refusal', content({ type: 'refusal', refusal: 'no' })],
    ['a text part without a type', content({ text: 'hello' })],
    ['a string as a part', content('hello')],
    ['prompts', { prompt: ['hello', 'again'] }],
    ['lists of texts', { prompt: [['hello']] }],
    ['input messages', { input: [{ role: 'user', content: 'hello' }] }],
    ['a message that is none', { messages: ['hello', { role: 'assistant', content: null }] }],
    ['messages that are no list', { messages: 'hello' }],
    ['numbers that steer the model', { temperature: 0.2, stop: ['\n'], logit_bias: { '50256': -100 } }],
  ])('%s is readable', (_what, body) => {
    expect(isUnreadable(body)).toBe(false);
  });
});
