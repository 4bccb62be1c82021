import { describe, expect, test } from 'vitest';
import { toMessagesRequest } from './to-messages-request.ts';

const ask = { role: 'user', content: 'Name a river.' };
const translate = (body: Record<string, unknown>) =>
  toMessagesRequest({ messages: [ask], ...body }, 'claude-x');
const value = (body: Record<string, unknown>) => {
  const translated = translate(body);
  if (!translated.ok) throw new Error(JSON.stringify(translated.error));
  return translated.value;
};
const refusedField = (body: Record<string, unknown>) => {
  const translated = translate(body);
  return translated.ok ? undefined : translated.error.field;
};

const call = (id: string, argumentsText: string) => ({
  id,
  type: 'function',
  function: { name: 'depth', arguments: argumentsText },
});
const image = (url: string) => ({ role: 'user', content: [{ type: 'image_url', image_url: { url } }] });

describe('toMessagesRequest: fields', () => {
  test('the smallest request gets the model and a limit, and nothing else', () => {
    expect(value({})).toEqual({
      model: 'claude-x',
      max_tokens: 4096,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Name a river.' }] }],
    });
  });

  test('the newer name of the limit wins over the older', () => {
    expect(value({ max_tokens: 10 }).max_tokens).toBe(10);
    expect(value({ max_tokens: 10, max_completion_tokens: 20 }).max_tokens).toBe(20);
  });

  test('sampling, stop sequences and the end user keep their meaning under other names', () => {
    expect(value({ temperature: 0.2, top_p: 0.9, top_k: 40, stop: 'END', user: 'u-17' })).toMatchObject({
      temperature: 0.2,
      top_p: 0.9,
      top_k: 40,
      stop_sequences: ['END'],
      metadata: { user_id: 'u-17' },
    });
    expect(value({ stop: ['a', 'b'] }).stop_sequences).toEqual(['a', 'b']);
  });

  test('a JSON schema and the effort go to output_config', () => {
    const schema = { type: 'object', properties: { river: { type: 'string' } } };
    const response_format = { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } };
    expect(value({ response_format, reasoning_effort: 'low' }).output_config).toEqual({
      format: { type: 'json_schema', schema },
      effort: 'low',
    });
  });

  test('fields that do not bear on the answer are left out, and so are nulls and neutral values', () => {
    const neutral = {
      model: 'asked',
      stream: true,
      stream_options: { include_usage: true },
      seed: 7,
      metadata: { a: 'b' },
      priority: 3,
      temperature: null,
      n: 1,
      logprobs: false,
      presence_penalty: 0,
      logit_bias: {},
      response_format: { type: 'text' },
    };
    expect(value(neutral)).toEqual(value({}));
  });

  test.each([
    [{ temperature: 1.5 }, 'temperature'],
    [{ n: 2 }, 'n'],
    [{ logprobs: true }, 'logprobs'],
    [{ frequency_penalty: 0.5 }, 'frequency_penalty'],
    [{ logit_bias: { '50256': -100 } }, 'logit_bias.50256'],
    [{ response_format: { type: 'json_object' } }, 'response_format.type'],
    [{ functions: [] }, 'functions'],
    [{ min_p: 0.1 }, 'min_p'],
    [{ stop: '\n' }, 'stop[0]'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ tools: [{ type: 'web_search' }] }, 'tools[0].type'],
    [{ messages: [] }, 'messages'],
    [{ messages: undefined }, 'messages'],
    [{ messages: [{ role: 'system', content: 'Be brief.' }] }, 'messages'],
    [{ messages: [{ role: 'function', name: 'f', content: '1' }] }, 'messages[0].role'],
    [{ messages: [{ role: 'user', content: ' ' }] }, 'messages[0].content'],
    [{ messages: [{ ...ask, name: 'ada' }] }, 'messages[0].name'],
    [
      { messages: [ask, { role: 'user', content: [{ type: 'input_audio' }] }] },
      'messages[1].content[0].type',
    ],
  ])('what has no equivalent is refused by name: %j', (body, field) => {
    expect(refusedField(body)).toBe(field);
  });

  test('a refusal never repeats what the client wrote', () => {
    const secret = 'the quick brown fox';
    const translated = translate({ messages: [{ role: 'user', content: { text: secret } }], stop: secret });
    expect(JSON.stringify(translated)).not.toContain('fox');
  });
});

describe('toMessagesRequest: messages', () => {
  test('system and developer prompts are joined in order, wherever they stand', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      ask,
      { role: 'developer', content: [{ type: 'text', text: 'Answer in French.' }] },
    ];
    expect(value({ messages })).toMatchObject({ system: 'Be brief.\n\nAnswer in French.' });
    expect(value({ messages }).messages).toHaveLength(1);
  });

  test('a round of tool calls becomes two turns, with all results first in the second', () => {
    const messages = [
      ask,
      {
        role: 'assistant',
        content: null,
        tool_calls: [call('call_1', '{"river":"Loire"}'), call('f:2', '')],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '3 m' },
      { role: 'user', content: 'And?' },
      { role: 'tool', tool_call_id: 'f:2', content: [{ type: 'text', text: 'unknown' }] },
    ];
    expect(value({ messages }).messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'call_1', name: 'depth', input: { river: 'Loire' } },
          { type: 'tool_use', id: 'f_2', name: 'depth', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'text', text: '3 m' }] },
          { type: 'tool_result', tool_use_id: 'f_2', content: [{ type: 'text', text: 'unknown' }] },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
  });

  test('arguments that are no JSON object are refused', () => {
    const tool_calls = [{ id: 'a', type: 'function', function: { name: 'f', arguments: '[1' } }];
    expect(refusedField({ messages: [ask, { role: 'assistant', tool_calls }] })).toBe(
      'messages[1].tool_calls[0].function.arguments',
    );
  });

  test('an answer of an engine can be sent back as it came, without its reasoning', () => {
    const answer = {
      role: 'assistant',
      content: 'The Loire.',
      refusal: null,
      tool_calls: [],
      audio: null,
      reasoning_content: 'hmm',
    };
    expect(value({ messages: [ask, answer, ask] }).messages[1]).toEqual({
      role: 'assistant',
      content: [{ type: 'text', text: 'The Loire.' }],
    });
  });

  test('an empty answer is left out, and the turns around it become one', () => {
    expect(value({ messages: [ask, { role: 'assistant', content: '' }, ask] }).messages).toHaveLength(1);
  });

  test('images come by https or in the request, in the formats Anthropic reads', () => {
    expect(value({ messages: [image('data:image/png;base64,iVBORw0KGgo=')] }).messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
        ],
      },
    ]);
    expect(value({ messages: [image('https://example.com/a.jpg')] }).messages[0]?.content).toEqual([
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.jpg' } },
    ]);
    for (const url of ['http://example.com/a.jpg', 'data:image/bmp;base64,Qk0=', 'file:///etc/hosts'])
      expect(refusedField({ messages: [image(url)] })).toBe('messages[0].content[0].image_url.url');
  });
});

describe('toMessagesRequest: tools', () => {
  const tools = [
    {
      type: 'function',
      function: {
        name: 'depth',
        description: 'Depth of a river',
        parameters: { type: 'object', properties: { river: { type: 'string' } }, required: ['river'] },
        strict: true,
      },
    },
    { type: 'function', function: { name: 'now' } },
  ];

  test('functions become tools; one without parameters takes an empty object', () => {
    expect(value({ tools }).tools).toEqual([
      {
        name: 'depth',
        description: 'Depth of a river',
        input_schema: { type: 'object', properties: { river: { type: 'string' } }, required: ['river'] },
        strict: true,
      },
      { name: 'now', input_schema: { type: 'object', properties: {} } },
    ]);
  });

  test.each([
    [{ tool_choice: 'auto' }, { type: 'auto' }],
    [{ tool_choice: 'none' }, { type: 'none' }],
    [{ tool_choice: 'required' }, { type: 'any' }],
    [{ tool_choice: { type: 'function', function: { name: 'now' } } }, { type: 'tool', name: 'now' }],
    [{ parallel_tool_calls: true }, undefined],
    [{ parallel_tool_calls: false }, { type: 'auto', disable_parallel_tool_use: true }],
    [
      { tool_choice: 'required', parallel_tool_calls: false },
      { type: 'any', disable_parallel_tool_use: true },
    ],
  ])('%j', (choice, expected) => {
    expect(value({ tools, ...choice }).tool_choice).toEqual(expected);
  });

  test('a choice without tools is left out', () => {
    expect(value({ tools: [], tool_choice: 'auto' })).not.toHaveProperty('tool_choice');
  });
});
