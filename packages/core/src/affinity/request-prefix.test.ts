import { anything, assert, constantFrom, dictionary, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ENDPOINTS } from '../backend/inference-backend.ts';
import type { TenantId } from '../id/name.ts';
import type { JsonObject } from '../json.ts';
import { requestPrefix } from './request-prefix.ts';
import type { PrefixHashes } from './prefix-lookup.ts';

const acme = 'acme' as TenantId;
/** Blocks of two tokens are eight units long. */
const TWO_TOKENS = 2;
const LONG = 'You are a careful assistant who answers in one word.';
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } };

const chat = (...messages: readonly unknown[]): PrefixHashes =>
  requestPrefix(acme, '/v1/chat/completions', { model: 'm', messages }, TWO_TOKENS);
const shared = (a: PrefixHashes, b: PrefixHashes): number => {
  const differs = a.findIndex((hash, index) => hash !== b[index]);
  return differs === -1 ? a.length : differs;
};

const messageOf = (...texts: readonly string[]): unknown => ({
  role: 'user',
  content: texts.map((text) => ({ type: 'text', text })),
});
const toolNamed = (name: string): JsonObject => ({ type: 'function', function: { name, parameters: {} } });
const callFor = (city: string): unknown => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'c', type: 'function', function: { name: 'weather', arguments: `{"city":"${city}"}` } }],
});

describe('the prefix of a chat', () => {
  const system = { role: 'system', content: LONG };

  test('is shared as far as its messages are the same, in their order', () => {
    const first = chat(system, { role: 'user', content: `What is 1 + 1? ${LONG}` });
    const second = chat(system, { role: 'user', content: `What is 2 + 2? ${LONG}` });
    // The words of the roles count: 6 of system, 52 of its text, 4 of user and 8 to the number.
    expect(shared(first, second)).toBe(8);
    expect(first.length).toBeGreaterThan(15);
  });

  test('another role is another prefix', () => {
    expect(shared(chat(system), chat({ ...system, role: 'user' }))).toBe(0);
    const twice = chat({ role: 'user', content: LONG }, { role: 'assistant', content: LONG });
    const once = chat({ role: 'user', content: `${LONG}assistant${LONG}` });
    expect(shared(twice, once)).toBe(7);
  });

  test('parts are read in order, as the one text they are', () => {
    expect(shared(chat(messageOf(LONG, 'a'.repeat(9))), chat(messageOf(LONG, 'b'.repeat(9))))).toBe(7);
    expect(shared(chat(messageOf('a'.repeat(9), LONG)), chat(messageOf('b'.repeat(9), LONG)))).toBe(0);
    expect(chat(messageOf(LONG))).toEqual(chat({ role: 'user', content: LONG }));
  });

  test('ends before an image, a sound or a file: nobody knows whether they are the same', () => {
    const before = chat({ role: 'user', content: [{ type: 'text', text: LONG }] });
    const whole = chat(
      { role: 'user', content: [{ type: 'text', text: LONG }, image, { type: 'text', text: LONG }] },
      system,
    );
    expect(before.length).toBeGreaterThan(0);
    expect(whole).toEqual(before);
  });

  test('begins with its tools, and holds the calls of them', () => {
    const body = { messages: [system] };
    const withTool = (name: string): PrefixHashes =>
      requestPrefix(acme, '/v1/chat/completions', { ...body, tools: [toolNamed(name)] }, TWO_TOKENS);
    expect(withTool('search')).toEqual(withTool('search'));
    expect(withTool('search').at(-1)).not.toBe(withTool('weather').at(-1));
    const [oslo, rome] = [chat(system, callFor('Oslo')), chat(system, callFor('Rome'))];
    expect(shared(oslo, rome)).toBeGreaterThanOrEqual(7);
    expect(oslo.at(-1)).not.toBe(rome.at(-1));
  });

  test('two tenants share nothing', () => {
    const body = { messages: [system] };
    const theirs = requestPrefix('other' as TenantId, '/v1/chat/completions', body, TWO_TOKENS);
    expect(shared(chat(system), theirs)).toBe(0);
    expect(theirs.length).toBe(chat(system).length);
  });

  test('no more blocks are told than were asked for', () => {
    const body = { messages: [system] };
    expect(requestPrefix(acme, '/v1/chat/completions', body, TWO_TOKENS, 2)).toEqual(
      chat(system).slice(0, 2),
    );
  });
});

const completionPrefix = (prompt: unknown): PrefixHashes =>
  requestPrefix(acme, '/v1/completions', { prompt }, TWO_TOKENS);
const responsePrefix = (body: JsonObject): PrefixHashes =>
  requestPrefix(acme, '/v1/responses', body, TWO_TOKENS);
const messagePrefix = (body: JsonObject): PrefixHashes =>
  requestPrefix(acme, '/v1/messages', body, TWO_TOKENS);
const ask = (content: string): JsonObject => ({ type: 'message', role: 'user', content });

describe('the prefix of another endpoint', () => {
  test('a completion: its prompt, when that is one text', () => {
    expect(completionPrefix(LONG)).toHaveLength(6);
    expect(completionPrefix([LONG, LONG])).toEqual([]);
    expect(completionPrefix([1, 2, 3])).toEqual([]);
    expect(completionPrefix(undefined)).toEqual([]);
  });

  test('an embedding: none', () => {
    expect(requestPrefix(acme, '/v1/embeddings', { input: LONG.repeat(10) }, TWO_TOKENS)).toEqual([]);
  });

  test('a Response: instructions, then its input in order', () => {
    const first = responsePrefix({ instructions: LONG, input: [ask('What is 1 + 1? Tell me.')] });
    const second = responsePrefix({ instructions: LONG, input: [ask('What is 2 + 2? Tell me.')] });
    expect(shared(first, second)).toBe(8);
    expect(responsePrefix({ input: LONG })).toHaveLength(6);
    expect(responsePrefix({ instructions: null, input: LONG })).toEqual(responsePrefix({ input: LONG }));
    const answered = { type: 'function_call_output', call_id: 'c', output: LONG };
    expect(responsePrefix({ input: [answered] })).toHaveLength(
      Math.floor(('function_call_output'.length + LONG.length) / 8),
    );
    // A reference to what the provider keeps is not text: the prefix ends there.
    const reference = { type: 'item_reference', id: 'i' };
    const ended = responsePrefix({ input: [ask(LONG), reference] });
    expect(responsePrefix({ input: [ask(LONG), reference, ask(LONG)] })).toEqual(ended);
    expect(responsePrefix({ input: ['a text that is no message', 7] })).toHaveLength(3);
  });

  test('a Message: system, then messages', () => {
    const messages = [{ role: 'user', content: [{ type: 'text', text: LONG }] }];
    expect(
      shared(
        messagePrefix({ system: LONG, messages }),
        messagePrefix({ system: [{ type: 'text', text: LONG }], messages }),
      ),
    ).toBe(14);
    expect(shared(messagePrefix({ system: LONG, messages }), messagePrefix({ messages }))).toBe(0);
    const used = { type: 'tool_use', id: 't', name: 'look', input: { at: LONG } };
    expect(
      messagePrefix({ messages: [...messages, { role: 'assistant', content: [used] }] }).length,
    ).toBeGreaterThan(12);
  });
});

test('whatever a body holds, an answer comes and nothing is thrown', () => {
  const endpoint = constantFrom(...ENDPOINTS);
  const fields = constantFrom(
    'messages',
    'prompt',
    'input',
    'system',
    'instructions',
    'tools',
    'content',
    'role',
  );
  assert(
    property(endpoint, dictionary(fields, anything()), string(), (path, body, text) => {
      const nested = {
        ...body,
        messages: [body, text, { role: 7, content: body['content'], type: body['role'] }],
      };
      for (const request of [body, nested]) {
        expect(requestPrefix(acme, path, request, TWO_TOKENS)).toEqual(
          requestPrefix(acme, path, request, TWO_TOKENS),
        );
      }
    }),
  );
});
