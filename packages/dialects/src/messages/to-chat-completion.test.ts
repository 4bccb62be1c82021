import { describe, expect, test } from 'vitest';
import { messageAnswerSchema } from './message-answer.ts';
import { toChatCompletion } from './to-chat-completion.ts';

const USAGE = { input_tokens: 12, output_tokens: 4 };

const answer = (fields: Record<string, unknown>) =>
  messageAnswerSchema.parse({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-x',
    content: [{ type: 'text', text: 'The Loire.' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: USAGE,
    ...fields,
  });
const COUNTED = { inputTokens: 12, cachedInputTokens: 0, outputTokens: 4, costMicroUsd: 0 };
const translate = (fields: Record<string, unknown>) =>
  toChatCompletion(answer(fields), COUNTED, 1_700_000_000_999);

describe('toChatCompletion', () => {
  test('a text answer becomes a whole chat completion', () => {
    expect(translate({})).toEqual({
      id: 'msg_1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'claude-x',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'The Loire.', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 12,
        completion_tokens: 4,
        total_tokens: 16,
        prompt_tokens_details: { cached_tokens: 0 },
      },
    });
  });

  test('tool uses become tool calls, without content where there is no text; thinking is left out', () => {
    const content = [
      { type: 'thinking', thinking: 'hmm', signature: 's' },
      { type: 'tool_use', id: 'toolu_1', name: 'depth', input: { river: 'Loire' } },
    ];
    expect(translate({ content, stop_reason: 'tool_use' })).toMatchObject({
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            content: null,
            tool_calls: [
              {
                id: 'toolu_1',
                type: 'function',
                function: { name: 'depth', arguments: '{"river":"Loire"}' },
              },
            ],
          },
        },
      ],
    });
  });

  test('texts around a tool use are joined; an empty answer is an empty text', () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    expect(translate({ content })).toMatchObject({ choices: [{ message: { content: 'ab' } }] });
    expect(translate({ content: [] })).toMatchObject({ choices: [{ message: { content: '' } }] });
  });

  test.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_calls'],
    ['refusal', 'content_filter'],
    ['toString', 'stop'],
    [null, 'stop'],
  ])('stop reason %s ends with %s', (stop_reason, finish_reason) => {
    expect(translate({ stop_reason })).toMatchObject({ choices: [{ finish_reason }] });
  });

  test('what is no message is refused', () => {
    const whole = { id: 'msg_1', model: 'm', content: [], stop_reason: null, usage: USAGE };
    expect(messageAnswerSchema.safeParse(whole).success).toBe(true);
    for (const broken of [{ content: 'text' }, { usage: {} }, { content: [{ type: 'text' }] }, { id: null }])
      expect(messageAnswerSchema.safeParse({ ...whole, ...broken }).success).toBe(false);
  });
});
