import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { inChunks } from '../testing/in-chunks.ts';
import type { InputRules, OpenAiRules } from './input-rules.ts';
import { type InputVerdict, validateInput } from './validate-input.ts';

const signal = new AbortController().signal;

const rules: OpenAiRules = {
  face: 'openai',
  endpoint: '/v1/chat/completions',
  mostLines: 1000,
  mostLineBytes: 100_000,
  mostEmbeddingInputs: 5,
  isServed: (model) => model !== 'unknown-model',
  contextTokensOf: (model) => (model === 'small-model' ? 100 : undefined),
};

const check = (content: string | Uint8Array, changes: Partial<OpenAiRules> = {}): Promise<InputVerdict> =>
  validateInput(inChunks(content), { ...rules, ...changes }, { signal, writeIndex: async () => undefined });

/** Code, line and field of every mistake. */
const mistakesIn = async (
  content: string | Uint8Array,
  changes: Partial<OpenAiRules> = {},
): Promise<unknown> => {
  const verdict = await check(content, changes);
  return verdict.kind === 'valid'
    ? []
    : verdict.mistakes.map(({ code, line, param, message }) => {
        // Every message is a sentence that says what to do.
        expect(message).toMatch(/^(The|custom_id|method|url|body|Up).*\.$/);
        return [code, line, param];
      });
};

const chat = { model: 'house-model', messages: [{ role: 'user', content: 'Hello' }] };
const lineOf = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body: chat, ...changes });

const embed = (id: string, input: unknown): string =>
  lineOf({ custom_id: id, url: '/v1/embeddings', body: { model: 'house-model', input } });

async function* manyLines(): AsyncGenerator<Uint8Array, void, undefined> {
  for (let id = 0; ; id += 1) yield Buffer.from(`${lineOf({ custom_id: `r-${id}` })}\n`);
}

const own = (face: 'anthropic' | 'documents', content: string): Promise<InputVerdict> => {
  const limits: InputRules = { face, mostLines: 10, mostLineBytes: 10_000 };
  return validateInput(inChunks(content), limits, { signal, writeIndex: async () => undefined });
};

describe('validateInput of an OpenAI file', () => {
  test('takes a file that holds to the rules, and tells its lines and models', async () => {
    const lines = [
      lineOf(),
      lineOf({ custom_id: 'b', body: { ...chat, model: 'other-model', stream: false } }),
      lineOf({ custom_id: 'c' }),
    ];
    const verdict = { kind: 'valid', total: 3, models: ['house-model', 'other-model'] };
    expect(await check(lines.join('\n'))).toEqual(verdict);
    expect(await check(`\uFEFF${lines.join('\r\n')}\r\n`)).toEqual(verdict);
  });

  test.each(['', '\uFEFF'])('a file without a line is empty_file: %j', async (content) => {
    expect(await mistakesIn(content)).toEqual([['empty_file', null, null]]);
  });

  test.each([
    ['text', 'not json'],
    ['a broken object', '{"custom_id":'],
    ['a list', '[]'],
    ['a number', '1'],
    ['null', 'null'],
    ['a blank line', ''],
    ['a line of blanks', '  \t'],
    ['two objects', '{} {}'],
  ])('%s is invalid_json_line', async (_, text) => {
    expect(await mistakesIn(`${lineOf()}\n${text}\n${lineOf({ custom_id: 'b' })}\n`)).toEqual([
      ['invalid_json_line', 2, null],
    ]);
  });

  test('bytes that are not UTF-8 are invalid_json_line', async () => {
    const bytes = Buffer.from(lineOf({ custom_id: '?' }));
    bytes[bytes.indexOf('?')] = 0xc3;
    expect(await mistakesIn(bytes)).toEqual([['invalid_json_line', 1, null]]);
  });

  test.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    ['no custom_id', { custom_id: undefined }, 'missing_custom_id', 'custom_id'],
    ['a number for custom_id', { custom_id: 7 }, 'invalid_custom_id', 'custom_id'],
    ['an empty custom_id', { custom_id: '' }, 'invalid_custom_id', 'custom_id'],
    ['a custom_id beyond 512 characters', { custom_id: 'x'.repeat(513) }, 'invalid_custom_id', 'custom_id'],
    ['another method', { method: 'GET' }, 'invalid_method', 'method'],
    ['no method', { method: undefined }, 'invalid_method', 'method'],
    ['another endpoint than the batch', { url: '/v1/embeddings' }, 'invalid_url', 'url'],
    ['an unknown url', { url: 'https://api.example.com/v1/chat/completions' }, 'invalid_url', 'url'],
    ['no url', { url: undefined }, 'invalid_url', 'url'],
    ['no body', { body: undefined }, 'invalid_request', 'body'],
    ['a text for body', { body: 'Hello' }, 'invalid_request', 'body'],
    ['no model', { body: { messages: [] } }, 'invalid_request', 'body.model'],
    ['stream: true', { body: { ...chat, stream: true } }, 'invalid_request', 'body.stream'],
    ['a model nobody serves', { body: { ...chat, model: 'unknown-model' } }, 'model_not_found', 'body.model'],
    [
      'a prompt beyond the context',
      { body: { model: 'small-model', messages: [{ role: 'user', content: 'word '.repeat(200) }] } },
      'token_limit_exceeded',
      'body',
    ],
  ])('%s is told with code, line and field', async (_, changes, code, param) => {
    expect(await mistakesIn(`${lineOf({ custom_id: 'first' })}\n${lineOf(changes)}`)).toEqual([
      [code, 2, param],
    ]);
  });

  test('an id that is used again names the line that had it first', async () => {
    const verdict = await check([lineOf(), lineOf({ custom_id: 'b' }), lineOf()].join('\n'));
    expect(verdict).toEqual({
      kind: 'invalid',
      mistakes: [
        {
          code: 'duplicate_custom_id',
          line: 3,
          param: 'custom_id',
          message: 'custom_id "a" is that of line 1 too: give every line its own.',
        },
      ],
    });
  });

  test('a line nested without end is read like any other: whether it can be sent is judged when it is fed', async () => {
    const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
    const nested = lineOf().replace('"Hello"', deep);
    expect(await mistakesIn(nested, { contextTokensOf: () => 1000 })).toEqual([]);
  });

  test('a line that is too long is told, and the ones after it are read', async () => {
    const long = lineOf({ custom_id: 'x'.repeat(200) });
    expect(await mistakesIn(`${long}\n${lineOf({ method: 'GET' })}`, { mostLineBytes: 150 })).toEqual([
      ['line_too_long', 1, null],
      ['invalid_method', 2, 'method'],
    ]);
  });

  test('all mistakes of a line and of the file are told, in order', async () => {
    const bad = { custom_id: undefined, method: 'GET', url: '/v1/x', body: { stream: true } };
    expect(await mistakesIn(`${lineOf(bad)}\n${lineOf()}\nnonsense`)).toEqual([
      ['missing_custom_id', 1, 'custom_id'],
      ['invalid_method', 1, 'method'],
      ['invalid_url', 1, 'url'],
      ['invalid_request', 1, 'body.model'],
      ['invalid_request', 1, 'body.stream'],
      ['invalid_json_line', 3, null],
    ]);
  });

  test('after a hundred mistakes the file is read no further', async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
      for (;;) {
        read += 1;
        yield Buffer.from('nonsense\n'.repeat(30));
      }
    }
    const verdict = await validateInput(endless(), rules, { signal, writeIndex: async () => undefined });
    expect(verdict.kind === 'invalid' && verdict.mistakes.map(({ line }) => line)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    expect(read).toBe(4);
  });

  test('a file of more lines than allowed is told at the first line too many', async () => {
    const lines = ['a', 'b', 'c'].map((id) => lineOf({ custom_id: id })).join('\n');
    expect(await mistakesIn(lines, { mostLines: 2 })).toEqual([['too_many_lines', 3, null]]);
    expect(await mistakesIn(lines, { mostLines: 3 })).toEqual([]);
  });

  test('counts the texts to embed of all lines as OpenAI does', async () => {
    const embeddings = { endpoint: '/v1/embeddings' } as const;
    const five = [embed('a', 'one'), embed('b', [1, 2, 3]), embed('c', ['one', 'two']), embed('d', [[1, 2]])];
    expect(await mistakesIn(five.join('\n'), embeddings)).toEqual([]);
    const seven = [...five, embed('e', 'six'), embed('f', 'seven')].join('\n');
    expect(await mistakesIn(seven, embeddings)).toEqual([['too_many_inputs', 5, 'body.input']]);
  });

  test('each text to embed has the context to itself', async () => {
    const input = Array.from({ length: 4 }, () => 'word '.repeat(60));
    const embeddings = { endpoint: '/v1/embeddings', contextTokensOf: () => 100 } as const;
    expect(await mistakesIn(embed('a', input), embeddings)).toEqual([]);
    expect(await mistakesIn(embed('a', input.join(' ')), embeddings)).toEqual([
      ['token_limit_exceeded', 1, 'body'],
    ]);
  });

  test('an abort ends it with its reason, also with a source that never waits', async () => {
    const stop = new AbortController();
    const unlimited = { ...rules, mostLines: Number.MAX_SAFE_INTEGER };
    const validation = validateInput(manyLines(), unlimited, {
      signal: stop.signal,
      writeIndex: async () => undefined,
    });
    await setImmediate();
    stop.abort(new Error('shutting down'));
    await expect(validation).rejects.toThrow('shutting down');
  });
});

describe('validateInput of lines our API wrote', () => {
  test('params of message requests are not judged, only their shape is', async () => {
    const good = '{"custom_id":"a","params":{"model":"m"}}\n{"custom_id":"b","params":{}}\n';
    expect(await own('anthropic', good)).toEqual({ kind: 'valid', total: 2, models: ['m'] });
    expect(await own('anthropic', '{"custom_id":"a b","params":{}}\n')).toMatchObject({
      kind: 'invalid',
      mistakes: [{ code: 'invalid_custom_id', line: 1 }],
    });
  });

  test('entries of a manifest have an id each', async () => {
    expect(await own('documents', '{"custom_id":"0"}\n{"custom_id":"1"}')).toMatchObject({ total: 2 });
    expect(await own('documents', '{"custom_id":"0"}\n{"name":"b"}\n{"custom_id":"0"}')).toMatchObject({
      mistakes: [
        { code: 'missing_custom_id', line: 2 },
        { code: 'duplicate_custom_id', line: 3 },
      ],
    });
  });
});
