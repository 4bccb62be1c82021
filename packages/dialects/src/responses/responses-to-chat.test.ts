import type { JsonObject } from '@spillway/core';
import type { OpenAI } from 'openai';
import { describe, expect, test } from 'vitest';
import { responsesToChat } from './responses-to-chat.ts';

type Body = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type Item = OpenAI.Responses.ResponseInputItem;

/** As the official client lets it be written. */
const chat = (fields: Body = {}): JsonObject => {
  const translated = responsesToChat({ model: 'asked', input: 'Name a river.', ...fields });
  if (!translated.ok) throw new Error(translated.error.detail);
  return translated.value;
};
const messages = (...input: Item[]) => chat({ input })['messages'];
const refusal = (fields: JsonObject) => {
  const translated = responsesToChat({ input: 'Name a river.', ...fields });
  return translated.ok ? undefined : translated.error;
};
const asking = (part: unknown) => ({ input: [{ role: 'user', content: [part] }] });

describe('responsesToChat: fields', () => {
  test('a text is the words of the user, and nothing else is asked for', () => {
    expect(chat()).toEqual({ messages: [{ role: 'user', content: 'Name a river.' }] });
  });

  test('limit, sampling, effort, verbosity and the end user keep their meaning', () => {
    expect(
      chat({
        max_output_tokens: 99,
        temperature: 1.5,
        top_p: 0.9,
        reasoning: { effort: 'low', summary: 'auto' },
        text: { verbosity: 'low' },
        user: 'u-17',
      }),
    ).toMatchObject({
      max_tokens: 99,
      temperature: 1.5,
      top_p: 0.9,
      reasoning_effort: 'low',
      verbosity: 'low',
      user: 'u-17',
    });
  });

  test('a JSON schema, or any JSON, is asked for where chats do', () => {
    const schema = { type: 'object', properties: {} };
    const format = { type: 'json_schema', name: 'river', schema, strict: true, description: 'd' } as const;
    expect(chat({ text: { format } })['response_format']).toEqual({
      type: 'json_schema',
      json_schema: { name: 'river', schema, strict: true, description: 'd' },
    });
    expect(chat({ text: { format: { type: 'json_object' } } })['response_format']).toEqual({
      type: 'json_object',
    });
  });

  test('fields that do not bear on the answer are left out, and so are those that ask for nothing', () => {
    const neutral: Body = {
      background: false,
      store: true,
      metadata: { a: 'b' },
      service_tier: 'flex',
      truncation: 'auto',
      prompt_cache_key: 'k',
      previous_response_id: null,
      include: ['reasoning.encrypted_content'],
      tools: [],
      tool_choice: 'auto',
      text: { format: { type: 'text' } },
      temperature: null,
    };
    expect(chat(neutral)).toEqual(chat());
  });

  test.each([
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ prompt: { id: 'pmpt_1' } }, 'prompt'],
    [{ background: true }, 'background'],
    [{ top_logprobs: 3 }, 'top_logprobs'],
    [{ include: ['message.output_text.logprobs'] }, 'include[0]'],
    [{ context_management: [{ type: 'compaction' }] }, 'context_management'],
    [{ tools: [{ type: 'web_search' }] }, 'tools[0].type'],
    [{ tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }] }, 'tools[0].type'],
    [{ tool_choice: { type: 'web_search_preview' } }, 'tool_choice.type'],
    [{ input: undefined }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input[0].type'],
    [{ input: [{ type: 'computer_call' }] }, 'input[0].type'],
    [asking({ type: 'input_file', file_id: 'file-1' }), 'input[0].content[0].type'],
    [asking({ type: 'input_image', file_id: 'file-1' }), 'input[0].content[0].image_url'],
    [
      { input: [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image' }] }] },
      'input[0].output[0].type',
    ],
  ])('what has no equivalent is refused by name: %j', (fields, field) => {
    const refused = refusal(fields);
    expect(refused?.field).toBe(field);
    expect(refused?.detail.startsWith(`${field}: `)).toBe(true);
  });

  test('a refusal says what to do, where something can be done, and never repeats what the client wrote', () => {
    expect(refusal({ previous_response_id: 'resp_1' })?.detail).toContain('send the earlier items in input');
    expect(JSON.stringify(refusal(asking({ type: 'the quick brown fox' })))).not.toContain('fox');
  });
});

const many = <Each>(each: Each): Each[] => Array.from({ length: 100_000 }, () => each);

describe('responsesToChat: items', () => {
  test('instructions and the prompts that open the input are one; later ones stay where they are', () => {
    const input: Item[] = [
      { role: 'developer', content: 'Answer in French.' },
      { role: 'user', content: 'Name a river.' },
      { role: 'system', content: [{ type: 'input_text', text: 'In one word.' }] },
    ];
    expect(chat({ instructions: 'Be brief.', input })['messages']).toEqual([
      { role: 'system', content: 'Be brief.\n\nAnswer in French.' },
      { role: 'user', content: 'Name a river.' },
      { role: 'system', content: 'In one word.' },
    ]);
  });

  test('images by address and in the request', () => {
    const url = 'data:image/png;base64,iVBORw0KGgo=';
    expect(
      messages({
        role: 'user',
        content: [
          { type: 'input_text', text: 'Compare.' },
          { type: 'input_image', image_url: 'https://example.com/a.jpg', detail: 'low' },
          { type: 'input_image', image_url: url, detail: 'original' },
        ],
      }),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Compare.' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.jpg', detail: 'low' } },
          { type: 'image_url', image_url: { url, detail: 'high' } },
        ],
      },
    ]);
    expect(responsesToChat(asking({ type: 'input_image', image_url: url }))).toMatchObject({
      value: { messages: [{ content: [{ type: 'image_url', image_url: { url } }] }] },
    });
  });

  test('an earlier answer is sent back as it came: its calls in one message, then their results', () => {
    expect(
      messages(
        { role: 'user', content: 'How deep?' },
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'AAAA' },
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Let me look.', annotations: [] }],
        },
        {
          type: 'function_call',
          id: 'fc_1',
          call_id: 'call_1',
          name: 'depth',
          arguments: '{"river":"Loire"}',
        },
        { type: 'function_call', call_id: 'call_2', name: 'now', arguments: '{}', status: 'completed' },
        { type: 'function_call_output', call_id: 'call_1', output: '3 m' },
        { type: 'function_call_output', call_id: 'call_2', output: [{ type: 'input_text', text: 'noon' }] },
        { role: 'assistant', content: '3 m.' },
        { role: 'user', content: 'And?' },
      ),
    ).toEqual([
      { role: 'user', content: 'How deep?' },
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'depth', arguments: '{"river":"Loire"}' } },
          { id: 'call_2', type: 'function', function: { name: 'now', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '3 m' },
      { role: 'tool', tool_call_id: 'call_2', content: 'noon' },
      { role: 'assistant', content: '3 m.' },
      { role: 'user', content: 'And?' },
    ]);
  });

  test('words between a call and its result join the call, as chats want results right behind it', () => {
    expect(
      messages(
        { type: 'function_call', call_id: 'c', name: 'now', arguments: '{}' },
        { role: 'assistant', content: 'One moment.' },
        { type: 'function_call_output', call_id: 'c', output: 'noon' },
      ),
    ).toEqual([
      {
        role: 'assistant',
        content: 'One moment.',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'now', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'noon' },
    ]);
  });

  test('work grows with the items and no faster', () => {
    const text = 'x'.repeat(20);
    const call = { type: 'function_call', call_id: 'c', name: 'now', arguments: '{}' } as const;
    expect(chat({ input: many({ role: 'system', content: text }) })['messages']).toEqual([
      { role: 'system', content: many(text).join('\n\n') },
    ]);
    const asked: Item = { role: 'user', content: 'Name a river.' };
    expect(
      chat({ input: [asked, ...many<Item>({ role: 'system', content: text })] })['messages'],
    ).toHaveLength(100_001);
    const answered = chat({
      input: [...many<Item>(call), ...many<Item>({ role: 'assistant', content: text })],
    })['messages'];
    expect(answered).toMatchObject([{ role: 'assistant', content: many(text).join('') }]);
    expect(answered).toHaveProperty('[0].tool_calls.length', 100_000);
  });

  test('more mistakes than can be told are a refusal too', () => {
    const content = Array.from({ length: 200_000 }, () => ({ type: 'nothing' }));
    expect(refusal({ input: [{ role: 'user', content }] })?.field).toBe('request');
  });

  test('an earlier refusal is words of the assistant', () => {
    const content = [{ type: 'refusal' as const, refusal: 'No.' }];
    expect(messages({ type: 'message', id: 'm', role: 'assistant', status: 'completed', content })).toEqual([
      { role: 'assistant', content: 'No.' },
    ]);
  });
});

describe('responsesToChat: tools', () => {
  const parameters = { type: 'object', properties: { river: { type: 'string' } } };
  const tools: OpenAI.Responses.FunctionTool[] = [
    { type: 'function', name: 'depth', description: 'Depth of a river', parameters, strict: true },
    { type: 'function', name: 'now', parameters: null, strict: null },
  ];

  test('are functions', () => {
    expect(chat({ tools, parallel_tool_calls: false })).toMatchObject({
      tools: [
        {
          type: 'function',
          function: { name: 'depth', description: 'Depth of a river', parameters, strict: true },
        },
        { type: 'function', function: { name: 'now' } },
      ],
      parallel_tool_calls: false,
    });
  });

  test.each<[NonNullable<Body['tool_choice']>, object]>([
    ['auto', { tool_choice: 'auto' }],
    ['none', { tool_choice: 'none' }],
    ['required', { tool_choice: 'required' }],
    [{ type: 'function', name: 'now' }, { tool_choice: { type: 'function', function: { name: 'now' } } }],
    [
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'now' }] },
      { tool_choice: 'required', tools: [{ type: 'function', function: { name: 'now' } }] },
    ],
  ])('%j', (tool_choice, fields) => {
    expect(chat({ tools, tool_choice })).toMatchObject(fields);
  });
});
