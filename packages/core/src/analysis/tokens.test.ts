import { array, assert, constantFrom, jsonValue, oneof, property, record, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ENDPOINTS, type Endpoint } from '../backend/inference-backend.ts';
import { estimateRequestTokens, estimateTokens } from './tokens.ts';

const chat = '/v1/chat/completions';
const TYPES = ['text', 'document', 'tool_use', 'tool_result', 'search_result', 'reasoning', 'hologram'];

describe('estimateTokens', () => {
  test.each([
    ['nothing', '', 0],
    ['one letter, rounded up', 'a', 1],
    ['a hundred ASCII characters at four to a token', 'a'.repeat(100), 25],
    ['Cyrillic', 'д'.repeat(100), 45],
    ['Greek', 'λ'.repeat(100), 45],
    ['Hebrew', 'ש'.repeat(100), 45],
    ['Arabic', 'ع'.repeat(100), 45],
    ['Chinese', '漢'.repeat(100), 90],
    ['kana', 'あ'.repeat(100), 90],
    ['hangul', '한'.repeat(100), 90],
    ['hangul letters', 'ᄀ'.repeat(100), 90],
    ['compatibility ideographs', '豈'.repeat(100), 90],
    ['ideographs beyond the BMP, each one code point', '𠀀'.repeat(100), 90],
    ['Latin letters with marks', 'é'.repeat(100), 50],
    ['full-width signs', '！'.repeat(100), 50],
    ['pictures, each one code point', '🚚'.repeat(100), 50],
  ])('%s', (_what, text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });

  test('more text is never fewer tokens', () => {
    assert(
      property(string({ unit: 'binary' }), string({ unit: 'binary' }), (text, more) => {
        expect(estimateTokens(text + more)).toBeGreaterThanOrEqual(estimateTokens(text));
      }),
    );
  });
});

describe('estimateRequestTokens', () => {
  test('a chat counts four tokens a message, its text, its tool calls and its tools', () => {
    const messages = [
      { role: 'system', content: 'a'.repeat(40) },
      { role: 'user', content: [{ type: 'text', text: 'a'.repeat(40) }, 'a'.repeat(40), 7] },
      { role: 'assistant', content: null, tool_calls: ['a'.repeat(40)] },
    ];
    expect(estimateRequestTokens(chat, { messages, tools: ['a'.repeat(40)] })).toEqual({
      inputTokens: 3 * 4 + 5 * 10 + 1,
      outputTokens: 512,
    });
  });

  test('a Response counts its instructions, its items with what tools were asked and said, and its tools', () => {
    const text = 'a'.repeat(40);
    expect(estimateRequestTokens('/v1/responses', { instructions: text, input: text })).toEqual({
      inputTokens: 20,
      outputTokens: 512,
    });
    const input = [
      { role: 'user', content: [{ type: 'input_text', text }, { type: 'input_image' }] },
      { type: 'function_call', name: text, arguments: text, call_id: 'c' },
      { type: 'function_call_output', call_id: 'c', output: text },
      { type: 'reasoning', summary: [{ type: 'summary_text', text }], encrypted_content: null },
    ];
    expect(estimateRequestTokens('/v1/responses', { input, tools: [text], max_output_tokens: 99 })).toEqual({
      inputTokens: 4 * 4 + 6 * 10 + 800,
      outputTokens: 99,
    });
  });

  test('a Message counts its system prompt, its blocks with documents and what tools were asked, and its tools', () => {
    const text = 'a'.repeat(40);
    const messages = [
      {
        role: 'user',
        content: [
          { type: 'document', title: text, source: { type: 'text', media_type: 'text/plain', data: text } },
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: text } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: text, signature: text },
          { type: 'tool_use', id: 't', name: text, input: [text] },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text }] }],
      },
    ];
    const system = [{ type: 'text', text }];
    expect(
      estimateRequestTokens('/v1/messages', { system, messages, tools: [text], max_tokens: 99 }),
    ).toEqual({ inputTokens: 3 * 4 + 8 * 10 + 800, outputTokens: 99 });
  });

  test('an image counts as an image, not as the base64 it is written in', () => {
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(400_000)}` } };
    expect(estimateRequestTokens(chat, { messages: [{ role: 'user', content: [image] }] }).inputTokens).toBe(
      804,
    );
  });

  test.each([
    ['max_tokens', { max_tokens: 100 }, 100],
    ['max_completion_tokens', { max_completion_tokens: 200 }, 200],
    ['max_output_tokens', { max_output_tokens: 300 }, 300],
    ['max_tokens before max_completion_tokens', { max_tokens: 100, max_completion_tokens: 200 }, 100],
    ['the default where neither is a count', { max_tokens: 'many', max_completion_tokens: null }, 512],
    ['the default where it is negative', { max_tokens: -1 }, 512],
    ['no more than a model can write', { max_tokens: 1e300 }, 131_072],
    ['each of its answers', { max_tokens: 100, n: 3 }, 300],
    ['128 answers at most', { max_tokens: 100, n: 1e9 }, 12_800],
    ['one answer at least', { max_tokens: 100, n: 0 }, 100],
  ])('the answer may be as long as %s says', (_what, limits, outputTokens) => {
    expect(estimateRequestTokens(chat, { messages: [], ...limits })).toEqual({
      inputTokens: 0,
      outputTokens,
    });
  });

  test.each([
    ['a text', 'a'.repeat(40), 10, 16],
    ['texts, each with its answer', ['a'.repeat(40), 'a'.repeat(20)], 15, 32],
    ['token numbers', [1, 2, 3], 3, 16],
    ['lists of token numbers', [[1, 2, 3], [4]], 4, 32],
    ['an empty list', [], 0, 16],
    ['an object', { text: 'no' }, 0, 16],
  ])('a prompt may be %s', (_what, prompt, inputTokens, outputTokens) => {
    expect(estimateRequestTokens('/v1/completions', { prompt, max_tokens: 16 })).toEqual({
      inputTokens,
      outputTokens,
    });
  });

  test('an embedding reads its input and writes nothing', () => {
    expect(estimateRequestTokens('/v1/embeddings', { input: ['a'.repeat(40)], max_tokens: 9 })).toEqual({
      inputTokens: 10,
      outputTokens: 0,
    });
  });

  test('any JSON at all gets a finite estimate', () => {
    const anything = jsonValue();
    const fields = record({
      messages: oneof(anything, array(record({ content: oneof(anything, array(anything)) }))),
      prompt: anything,
      input: oneof(
        anything,
        array(record({ type: constantFrom(...TYPES), content: anything, source: anything })),
      ),
      system: anything,
      instructions: anything,
      tools: anything,
      max_tokens: anything,
      n: anything,
    });
    assert(
      property(fields, constantFrom(...ENDPOINTS), (body, endpoint) => {
        const { inputTokens, outputTokens } = estimateRequestTokens(endpoint, body);
        expect(Number.isSafeInteger(inputTokens) && inputTokens >= 0).toBe(true);
        expect(Number.isSafeInteger(outputTokens) && outputTokens >= 0).toBe(true);
      }),
    );
  });

  test('half a million messages and tools nested 100,000 deep are only counted', () => {
    let tools: unknown = 'a'.repeat(40);
    for (let level = 0; level < 100_000; level += 1) tools = [tools];
    const messages = Array.from({ length: 500_000 }, () => 'no message');
    expect(estimateRequestTokens(chat, { messages, tools }).inputTokens).toBe(2_000_010);
  });

  test('an endpoint that does not exist is a bug', () => {
    expect(() => estimateRequestTokens('/v2/chat' as Endpoint, {})).toThrow('unexpected value');
  });
});
