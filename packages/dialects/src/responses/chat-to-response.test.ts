import type { JsonObject } from '@spillway/core';
import type { OpenAI } from 'openai';
import { describe, expect, test } from 'vitest';
import { chatToResponse } from './chat-to-response.ts';

const completion = (message: JsonObject, finish_reason = 'stop'): JsonObject => ({
  id: 'chatcmpl-12ab',
  created: 1_700_000_000,
  model: 'llama',
  choices: [{ message, finish_reason }],
  usage: {
    prompt_tokens: 12,
    completion_tokens: 4,
    prompt_tokens_details: { cached_tokens: 10 },
    completion_tokens_details: { reasoning_tokens: 3 },
  },
});
const translate = (body: JsonObject, request: JsonObject = {}) => {
  const response = chatToResponse(body, request);
  if (!response.ok) throw new Error(response.error.detail);
  return response.value;
};

describe('chatToResponse', () => {
  test('a text answer becomes a whole Response, as the official client types it', () => {
    const whole: Omit<OpenAI.Responses.Response, 'output_text'> = {
      id: 'resp_12ab',
      object: 'response',
      created_at: 1_700_000_000,
      completed_at: 1_700_000_000,
      status: 'completed',
      error: null,
      incomplete_details: null,
      model: 'llama',
      output: [
        {
          type: 'message',
          id: 'msg_12ab',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'The Loire.', annotations: [], logprobs: [] }],
        },
      ],
      usage: {
        input_tokens: 12,
        input_tokens_details: { cached_tokens: 10, cache_write_tokens: 0 },
        output_tokens: 4,
        output_tokens_details: { reasoning_tokens: 3 },
        total_tokens: 16,
      },
      access_programs: null,
      background: false,
      previous_response_id: null,
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: {},
      parallel_tool_calls: true,
      reasoning: { effort: null, summary: null },
      service_tier: 'default',
      temperature: null,
      text: { format: { type: 'text' } },
      tool_choice: 'auto',
      tools: [],
      top_p: null,
      truncation: 'disabled',
    };
    expect(translate(completion({ content: 'The Loire.' }))).toEqual(whole);
  });

  test('repeats what the request asked for', () => {
    const request = {
      instructions: 'Be brief.',
      max_output_tokens: 99,
      metadata: { a: 'b' },
      parallel_tool_calls: false,
      reasoning: { effort: 'low' },
      temperature: 0.2,
      text: { verbosity: 'low' },
      tool_choice: 'required',
      tools: [{ type: 'function', name: 'now' }],
      top_p: 0.9,
      truncation: 'auto',
      user: 'u-17',
    };
    expect(translate(completion({ content: 'x' }), request)).toMatchObject({
      ...request,
      reasoning: { effort: 'low', summary: null },
      text: { verbosity: 'low', format: { type: 'text' } },
      tools: [{ type: 'function', name: 'now', parameters: null, strict: null }],
    });
  });

  test('calls become items of their own, with the arguments as the model wrote them', () => {
    const tool_calls = [
      { id: 'call_1', function: { name: 'depth', arguments: '{"river":"Loire"}' } },
      { id: 'call_2', function: { name: 'now', arguments: '' } },
    ];
    expect(translate(completion({ content: null, tool_calls }, 'tool_calls'))).toMatchObject({
      status: 'completed',
      output: [
        {
          type: 'function_call',
          id: 'fc_12ab0',
          call_id: 'call_1',
          name: 'depth',
          arguments: '{"river":"Loire"}',
          status: 'completed',
        },
        { type: 'function_call', id: 'fc_12ab1', call_id: 'call_2', arguments: '' },
      ],
    });
  });

  test.each([
    ['length', 'max_output_tokens'],
    ['content_filter', 'content_filter'],
  ])('an answer ended by %s is incomplete', (ended, reason) => {
    expect(translate(completion({ content: 'The' }, ended))).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason },
      output: [{ status: 'incomplete' }],
    });
  });

  test('a refusal is one', () => {
    expect(translate(completion({ content: null, refusal: 'No.' }))).toMatchObject({
      output: [{ content: [{ type: 'refusal', refusal: 'No.' }] }],
    });
  });

  test('what is no chat completion is refused', () => {
    expect(chatToResponse({ id: 'x' }, {}).ok).toBe(false);
  });
});
