import type { Anthropic } from '@anthropic-ai/sdk';
import type { JsonObject } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { messagesToChat } from './messages-to-chat.ts';

type Body = Omit<Anthropic.MessageCreateParamsNonStreaming, 'model'>;

const ask: Anthropic.MessageParam = { role: 'user', content: 'Name a river.' };
/** As the official client lets it be written. */
const chat = (fields: Partial<Body> = {}): JsonObject => {
  const translated = messagesToChat({ model: 'asked', max_tokens: 99, messages: [ask], ...fields });
  if (!translated.ok) throw new Error(translated.error.detail);
  return translated.value;
};
const messages = (...turns: Anthropic.MessageParam[]) => chat({ messages: turns })['messages'];
const refusal = (fields: JsonObject) => {
  const translated = messagesToChat({ max_tokens: 99, messages: [ask], ...fields });
  return translated.ok ? undefined : translated.error;
};
const asking = (block: unknown) => ({ messages: [{ role: 'user', content: [block] }] });

describe('messagesToChat: fields', () => {
  test('the smallest request is a message and a limit, and nothing else', () => {
    expect(chat()).toEqual({ messages: [{ role: 'user', content: 'Name a river.' }], max_tokens: 99 });
  });

  test('the system prompt comes first, its blocks as one', () => {
    const system = [
      { type: 'text' as const, text: 'Be brief.', cache_control: { type: 'ephemeral' as const } },
      { type: 'text' as const, text: 'Be kind.' },
    ];
    expect(chat({ system })['messages']).toEqual([
      { role: 'system', content: 'Be brief.\n\nBe kind.' },
      { role: 'user', content: 'Name a river.' },
    ]);
    expect(chat({ system: 'Be brief.' })['messages']).toContainEqual({
      role: 'system',
      content: 'Be brief.',
    });
  });

  test('sampling, stop sequences and the end user keep their meaning under other names', () => {
    const fields = { temperature: 0.2, top_p: 0.9, top_k: 40, stop_sequences: ['END'] };
    expect(chat({ ...fields, metadata: { user_id: 'u-17' } })).toMatchObject({
      temperature: 0.2,
      top_p: 0.9,
      top_k: 40,
      stop: ['END'],
      user: 'u-17',
    });
  });

  test('a JSON schema is promised, wherever it was asked for, and the effort goes along', () => {
    const schema = { type: 'object', properties: { river: { type: 'string' } } };
    const response_format = { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } };
    const format = { type: 'json_schema' as const, schema };
    expect(chat({ output_config: { format, effort: 'low' } })).toMatchObject({
      response_format,
      reasoning_effort: 'low',
    });
    expect(messagesToChat({ max_tokens: 1, messages: [ask], output_format: format })).toMatchObject({
      value: { response_format },
    });
  });

  test('fields that do not bear on the answer are left out, and so are those that ask for nothing', () => {
    const neutral: Partial<Body> = {
      stream: false,
      service_tier: 'auto',
      cache_control: { type: 'ephemeral' },
      container: null,
      stop_sequences: [],
      tools: [],
      tool_choice: { type: 'auto' },
      thinking: { type: 'adaptive' },
      output_config: { effort: null, format: null },
    };
    expect(chat(neutral)).toEqual(chat());
  });

  test.each([
    [{ max_tokens: undefined }, 'max_tokens'],
    [{ messages: [] }, 'messages'],
    [{ messages: [ask, { role: 'assistant', content: 'The' }] }, 'messages'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].role'],
    [{ thinking: { type: 'enabled', budget_tokens: 2000 } }, 'thinking.type'],
    [{ container: 'c-1' }, 'container'],
    [{ mcp_servers: [{ type: 'url', url: 'https://example.com' }] }, 'mcp_servers[0]'],
    [{ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 'tools[0].type'],
    [{ tool_choice: { type: 'some' } }, 'tool_choice.type'],
    [asking({ type: 'image', source: { type: 'file', file_id: 'f' } }), 'messages[0].content[0].source.type'],
    [
      asking({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AA' } }),
      'messages[0].content[0].source.type',
    ],
    [
      asking({
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: 'x' },
        citations: { enabled: true },
      }),
      'messages[0].content[0].citations.enabled',
    ],
    [
      asking({ type: 'tool_result', tool_use_id: 't', content: [{ type: 'image' }] }),
      'messages[0].content[0].content[0].type',
    ],
    [
      { messages: [{ role: 'assistant', content: [{ type: 'server_tool_use' }] }, ask] },
      'messages[0].content[0].type',
    ],
  ])('what has no equivalent is refused by name: %j', (fields, field) => {
    const refused = refusal(fields);
    expect(refused?.field).toBe(field);
    expect(refused?.detail.startsWith(`${field}: `)).toBe(true);
  });

  test('a refusal says what to do, where something can be done, and never repeats what the client wrote', () => {
    expect(refusal({ thinking: { type: 'enabled' } })?.detail).toContain('output_config.effort');
    expect(refusal({ container: 'c-1' })?.detail).toBe('container: has no equivalent in chat completions');
    const secret = { type: 'the quick brown fox', text: 'the quick brown fox' };
    expect(JSON.stringify(refusal(asking(secret)))).not.toContain('fox');
  });
});

describe('messagesToChat: turns', () => {
  test('images by address and in the request', () => {
    const url = 'https://example.com/a.jpg';
    const base64 = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } as const;
    expect(
      messages({
        role: 'user',
        content: [
          { type: 'text', text: 'Compare.' },
          { type: 'image', source: { type: 'url', url } },
          { type: 'image', source: base64 },
        ],
      }),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Compare.' },
          { type: 'image_url', image_url: { url } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
        ],
      },
    ]);
  });

  test('documents in plain text and search results are texts, with their titles', () => {
    const source = { type: 'text', media_type: 'text/plain', data: 'Dear reader,' } as const;
    expect(
      messages({
        role: 'user',
        content: [
          { type: 'document', title: 'Letter', context: 'of 1902', source },
          { type: 'document', title: 'Note', source: { type: 'content', content: 'Buy bread.' } },
          {
            type: 'search_result',
            title: 'Loire',
            source: 'https://example.com/loire',
            content: [{ type: 'text', text: 'A river.' }],
          },
        ],
      }),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Letter\n\nof 1902\n\nDear reader,' },
          { type: 'text', text: 'Note' },
          { type: 'text', text: 'Buy bread.' },
          { type: 'text', text: 'Loire\n\nhttps://example.com/loire\n\nA river.' },
        ],
      },
    ]);
  });

  test('a round of tools: calls in one message, then each result, then what the user says; thoughts are left out', () => {
    expect(
      messages(
        ask,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hmm', signature: 's' },
            { type: 'text', text: 'Let me ' },
            { type: 'text', text: 'look.' },
            { type: 'tool_use', id: 'toolu_1', name: 'depth', input: { river: 'Loire' } },
            { type: 'tool_use', id: 'toolu_2', name: 'now', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'And?' },
            { type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: '3 m' }] },
            { type: 'tool_result', tool_use_id: 'toolu_2', content: 'no clock', is_error: true },
          ],
        },
      ),
    ).toEqual([
      { role: 'user', content: 'Name a river.' },
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: [
          { id: 'toolu_1', type: 'function', function: { name: 'depth', arguments: '{"river":"Loire"}' } },
          { id: 'toolu_2', type: 'function', function: { name: 'now', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'toolu_1', content: '3 m' },
      { role: 'tool', tool_call_id: 'toolu_2', content: 'Error: no clock' },
      { role: 'user', content: 'And?' },
    ]);
  });
});

describe('messagesToChat: tools', () => {
  const input_schema = { type: 'object' as const, properties: { river: { type: 'string' } } };
  const tools: Anthropic.Tool[] = [
    { name: 'depth', description: 'Depth of a river', input_schema, strict: true },
    { type: 'custom', name: 'now', input_schema: { type: 'object' }, cache_control: { type: 'ephemeral' } },
  ];

  test('become functions', () => {
    expect(chat({ tools })['tools']).toEqual([
      {
        type: 'function',
        function: { name: 'depth', description: 'Depth of a river', parameters: input_schema, strict: true },
      },
      { type: 'function', function: { name: 'now', parameters: { type: 'object' } } },
    ]);
  });

  test.each<[Anthropic.ToolChoice, object]>([
    [{ type: 'auto' }, { tool_choice: 'auto' }],
    [{ type: 'any' }, { tool_choice: 'required' }],
    [{ type: 'none' }, { tool_choice: 'none' }],
    [{ type: 'tool', name: 'now' }, { tool_choice: { type: 'function', function: { name: 'now' } } }],
    [
      { type: 'auto', disable_parallel_tool_use: true },
      { tool_choice: 'auto', parallel_tool_calls: false },
    ],
  ])('%j', (tool_choice, fields) => {
    expect(chat({ tools, tool_choice })).toMatchObject(fields);
  });
});
