import type { Anthropic } from '@anthropic-ai/sdk';
import type { JsonObject } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { chatToMessage } from './chat-to-message.ts';

const completion = (message: JsonObject, choice: JsonObject = {}, usage?: unknown): JsonObject => ({
  id: 'chatcmpl-12ab-34',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'llama',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop', ...choice }],
  usage: usage ?? { prompt_tokens: 12, completion_tokens: 4, total_tokens: 16 },
});
const translate = (body: JsonObject, request: JsonObject = {}) => {
  const message = chatToMessage(body, request);
  if (!message.ok) throw new Error(message.error.detail);
  return message.value;
};
const call = (text: string) => ({
  id: 'call_1',
  type: 'function',
  function: { name: 'depth', arguments: text },
});
const contentAfter = (text: string, ended: string) =>
  translate(completion({ tool_calls: [call(text)] }, { finish_reason: ended }))['content'];

describe('chatToMessage', () => {
  test('a text answer becomes a whole Message, as the official client types it', () => {
    const whole: Anthropic.Message = {
      id: 'msg_12ab34',
      type: 'message',
      role: 'assistant',
      model: 'llama',
      content: [{ type: 'text', text: 'The Loire.', citations: null }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      container: null,
      diagnostics: null,
      usage: {
        input_tokens: 12,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 4,
        output_tokens_details: { thinking_tokens: 0 },
        cache_creation: null,
        inference_geo: null,
        server_tool_use: null,
        service_tier: 'standard',
        speed: null,
      },
    };
    expect(translate(completion({ content: 'The Loire.' }))).toEqual(whole);
  });

  test('cached tokens are counted beside the input, and thoughts within the output', () => {
    const usage = {
      prompt_tokens: 12,
      completion_tokens: 4,
      prompt_tokens_details: { cached_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 3 },
    };
    expect(translate(completion({ content: 'x' }, {}, usage))['usage']).toMatchObject({
      input_tokens: 2,
      cache_read_input_tokens: 10,
      output_tokens: 4,
      output_tokens_details: { thinking_tokens: 3 },
    });
  });

  test('an engine that does not count is counted 0', () => {
    const usage = { prompt_tokens: null, prompt_tokens_details: null };
    expect(translate(completion({ content: 'x' }, {}, usage))['usage']).toMatchObject({
      input_tokens: 0,
      output_tokens: 0,
    });
    expect(translate(completion({ content: 'x' }, {}, 'none'))['usage']).toMatchObject({ input_tokens: 0 });
  });

  test.each(['tool_calls', 'stop'])(
    'a call that ended with %s is a tool use, with its input read',
    (ended) => {
      const message = { content: null, tool_calls: [call('{"river":"Loire"}')] };
      expect(translate(completion(message, { finish_reason: ended }))).toMatchObject({
        content: [
          {
            type: 'tool_use',
            id: 'call_1',
            name: 'depth',
            input: { river: 'Loire' },
            caller: { type: 'direct' },
          },
        ],
        stop_reason: 'tool_use',
      });
    },
  );

  test('a call without arguments has an empty input, and so has one that the limit cut off', () => {
    expect(contentAfter('', 'tool_calls')).toMatchObject([{ input: {} }]);
    expect(contentAfter('{"riv', 'length')).toMatchObject([{ input: {} }]);
  });

  test.each(['{"riv', '[1]'])('a call with arguments that are no object is malformed: %s', (text) => {
    expect(chatToMessage(completion({ tool_calls: [call(text)] }), {})).toMatchObject({
      ok: false,
      error: { detail: 'the arguments of a tool call are not a JSON object' },
    });
  });

  test.each([
    [{ finish_reason: 'length' }, 'max_tokens', null],
    [{ finish_reason: 'content_filter' }, 'refusal', null],
    [{ stop_reason: 'END' }, 'stop_sequence', 'END'],
    [{ stop_reason: '<|eot|>' }, 'end_turn', null],
    [{ stop_reason: 128_009 }, 'end_turn', null],
    [{ finish_reason: null }, 'end_turn', null],
  ])('%j ends with %s', (choice, stop_reason, stop_sequence) => {
    const request = { stop_sequences: ['END'] };
    expect(translate(completion({ content: 'x' }, choice), request)).toMatchObject({
      stop_reason,
      stop_sequence,
    });
  });

  test('a refusal is told in words, and as one', () => {
    expect(translate(completion({ content: null, refusal: 'No.' }))).toMatchObject({
      content: [{ type: 'text', text: 'No.' }],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal' },
    });
  });

  test.each([{}, { choices: [] }, { choices: [{}] }, { id: null }])('%j is no answer', (fields) => {
    const whole = { ...completion({ content: 'x' }), ...fields };
    const body = Object.keys(fields).length === 0 ? {} : whole;
    expect(chatToMessage(body, {})).toEqual({
      ok: false,
      error: { detail: 'the answer is not a chat completion' },
    });
  });
});
