import type { JsonObject } from '@spillway/core';
import {
  array,
  assert,
  constantFrom,
  integer,
  jsonValue,
  nat,
  oneof,
  option,
  property,
  record,
  string,
  stringMatching,
  tuple,
  type Arbitrary,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatToMessage } from './messages/chat-to-message.ts';
import { messageAnswerSchema } from './messages/message-answer.ts';
import { messagesToChat } from './messages/messages-to-chat.ts';
import { toChatCompletion } from './messages/to-chat-completion.ts';
import { toMessagesRequest } from './messages/to-messages-request.ts';
import { chatToResponse } from './responses/chat-to-response.ts';
import { responsesToChat } from './responses/responses-to-chat.ts';

/** Visible, so that no side leaves it out. */
const words = stringMatching(/^\S(?:.{0,20}\S)?$/);
const id = stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
/** As it comes over the wire, which knows no -0. */
const input = record({ of: jsonValue({ maxDepth: 2 }) }).map(
  (value): unknown => JSON.parse(JSON.stringify(value)) as unknown,
);

const text = words.map((said) => ({ type: 'text', text: said }));
const image = constantFrom(
  { type: 'image', source: { type: 'url', url: 'https://example.com/a.jpg' } },
  { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
);
const userContent = array(oneof(text, image), { minLength: 1, maxLength: 3 });
const round = tuple(option(text), array(tuple(id, words, input, words), { maxLength: 2 })).chain(
  ([said, calls]) =>
    userContent.map((content) => [
      {
        role: 'assistant',
        content: [
          ...(said === null && calls.length > 0 ? [] : [said ?? { type: 'text', text: 'Yes.' }]),
          ...calls.map(([callId, name, of]) => ({ type: 'tool_use', id: callId, name, input: of })),
        ],
      },
      {
        role: 'user',
        content: [
          ...calls.map(([callId, , , result]) => ({
            type: 'tool_result',
            tool_use_id: callId,
            content: [{ type: 'text', text: result }],
          })),
          ...content,
        ],
      },
    ]),
);
const turns = tuple(userContent, array(round, { maxLength: 3 })).map(([first, rounds]) => [
  { role: 'user', content: first },
  ...rounds.flat(),
]);
const schema = record({ type: constantFrom('object'), title: string() });
const request = record(
  {
    messages: turns,
    max_tokens: integer({ min: 1, max: 9999 }),
    system: words,
    temperature: constantFrom(0, 0.5, 1),
    top_k: integer({ min: 1, max: 99 }),
    stop_sequences: array(words, { minLength: 1, maxLength: 3 }),
    tools: array(record({ name: words, description: string(), input_schema: schema }), {
      minLength: 1,
      maxLength: 2,
    }),
    output_config: record({
      format: record({ type: constantFrom('json_schema'), schema }),
      effort: constantFrom('low', 'max'),
    }),
    metadata: record({ user_id: words }),
  },
  { requiredKeys: ['messages', 'max_tokens'] },
) as Arbitrary<JsonObject>;

const answer = tuple(option(words), array(tuple(id, words, input), { maxLength: 2 }), nat(99), nat(99)).map(
  ([said, calls, uncached, cached]) => ({
    id: 'msg_1',
    model: 'm',
    content: [
      ...(said === null ? [] : [{ type: 'text', text: said, citations: null }]),
      ...calls.map(([callId, name, of]) => ({
        type: 'tool_use',
        id: callId,
        name,
        input: of,
        caller: { type: 'direct' },
      })),
    ],
    stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn',
    usage: { input_tokens: uncached, cache_read_input_tokens: cached, output_tokens: 7 },
  }),
);

describe('there and back', () => {
  test('a request in Messages comes back from chat completions as it was', () => {
    assert(
      property(request, (body) => {
        const chat = messagesToChat(body);
        if (!chat.ok) throw new Error(chat.error.detail);
        expect(toMessagesRequest(chat.value, 'm')).toEqual({ ok: true, value: { ...body, model: 'm' } });
      }),
    );
  });

  test('an answer in Messages comes back from chat completions as it was', () => {
    assert(
      property(answer, (message) => {
        const { input_tokens, cache_read_input_tokens, output_tokens } = message.usage;
        const usage = {
          inputTokens: input_tokens + cache_read_input_tokens,
          cachedInputTokens: cache_read_input_tokens,
          outputTokens: output_tokens,
          costMicroUsd: 0,
        };
        const chat = toChatCompletion(messageAnswerSchema.parse(message), usage, 0);
        expect(chatToMessage(chat, {})).toMatchObject({ ok: true, value: message });
      }),
    );
  });
});

describe('whatever comes', () => {
  const anything = oneof(
    jsonValue(),
    array(
      record({
        type: constantFrom('text', 'message', 'document', 'function_call', 'tool_result'),
        role: constantFrom('user', 'assistant', 'system'),
        content: jsonValue(),
        source: jsonValue(),
        output: jsonValue(),
      }),
    ),
  );
  const fields = record({
    messages: anything,
    input: anything,
    tools: anything,
    tool_choice: anything,
    max_tokens: anything,
    choices: anything,
    text: anything,
  });

  test('is translated or refused with a sentence, never thrown at', () => {
    assert(
      property(fields, (body) => {
        for (const translated of [
          messagesToChat(body),
          responsesToChat(body),
          toMessagesRequest(body, 'm'),
          chatToMessage(body, body),
          chatToResponse(body, body),
        ])
          expect(translated.ok || translated.error.detail !== '').toBe(true);
      }),
    );
  });
});
