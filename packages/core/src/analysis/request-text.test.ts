import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json.ts';
import { requestText, UNREADABLE } from './request-text.ts';

const isUnreadable = (body: JsonObject): boolean => [...requestText(body)].includes(UNREADABLE);

const content = (part: unknown): JsonObject => ({ messages: [{ role: 'user', content: [part] }] });

function text(of: string): JsonObject {
  return { type: 'text', text: of };
}

const RESPONSE_ITEMS = [
  { role: 'user', content: [{ type: 'input_text', text: 'asked' }] },
  { type: 'reasoning', summary: [{ type: 'summary_text', text: 'thought' }], encrypted_content: null },
  { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: 'said' }] },
  { type: 'function_call', call_id: 'c', name: 'look', arguments: '{"for":"called"}' },
  { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'found' }] },
];
const MESSAGES = [
  {
    role: 'user',
    content: [{ type: 'search_result', title: 'hit', source: 's', content: [text('searched')] }],
  },
  {
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: 'thought', signature: 's' },
      { type: 'tool_use', id: 't', name: 'look', input: { for: ['called'] } },
    ],
  },
  {
    role: 'user',
    content: [
      { type: 'tool_result', tool_use_id: 't', content: [text('found')] },
      { type: 'document', context: 'a letter', source: { type: 'text', data: 'written' } },
      { type: 'document', source: { type: 'content', content: [text('quoted')] } },
    ],
  },
];

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

  test.each<[string, JsonObject, readonly string[]]>([
    [
      'a Response',
      { instructions: 'briefly', input: RESPONSE_ITEMS },
      ['briefly', 'asked', 'thought', 'said', '{"for":"called"}', 'found'],
    ],
    [
      'a Message',
      { system: [text('briefly')], messages: MESSAGES },
      ['briefly', 'searched', 'thought', 'called', 'found', 'a letter', 'written', 'quoted'],
    ],
  ])('holds every text anybody wrote in the request for %s', (_what, body, texts) => {
    expect(requestText(body)).toEqual(expect.arrayContaining([...texts]));
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
    ['a part whose type is no word', content({ type: 7 })],
    [
      'a file as an input',
      { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }] },
    ],
    ['an item the vendor keeps', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    ['an earlier Response', { input: 'go on', previous_response_id: 'resp_1' }],
    ['a conversation', { input: 'go on', conversation: 'conv_1' }],
    ['a prompt the vendor keeps', { prompt: { id: 'pmpt_1', variables: {} } }],
    [
      'an image among the outputs of a function',
      { input: [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image' }] }] },
    ],
    ['encrypted reasoning', { input: [{ type: 'reasoning', summary: [], encrypted_content: 'AAAA' }] }],
    ['redacted thinking', content({ type: 'redacted_thinking', data: 'AAAA' })],
    ['an image block', content({ type: 'image', source: { type: 'base64', data: 'AAAA' } })],
    ['a PDF', content({ type: 'document', source: { type: 'base64', media_type: 'application/pdf' } })],
    ['a document without a source', content({ type: 'document', title: 'Invoice' })],
    [
      'an image in a document in the result of a tool',
      content({
        type: 'tool_result',
        content: [{ type: 'document', source: { type: 'content', content: [{ type: 'image' }] } }],
      }),
    ],
    ['an image in the system prompt', { system: [{ type: 'image' }] }],
    ['a container', { container: 'container_1' }],
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
    ['items of a Response', { instructions: 'briefly', input: RESPONSE_ITEMS, previous_response_id: null }],
    ['blocks of a Message', { system: [{ type: 'text', text: 'briefly' }], messages: MESSAGES }],
    ['numbers that steer the model', { temperature: 0.2, stop: ['\n'], logit_bias: { '50256': -100 } }],
  ])('%s is readable', (_what, body) => {
    expect(isUnreadable(body)).toBe(false);
  });
});
