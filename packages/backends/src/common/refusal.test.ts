import { describe, expect, test } from 'vitest';
import { parseRefusal } from './refusal.ts';

const read = (body: unknown, text = '') => {
  const { message, codes } = parseRefusal(400, body, text, new Headers());
  return { message, codes };
};

describe('parseRefusal', () => {
  test.each([
    [
      'OpenAI',
      { error: { message: 'no', type: 'insufficient_quota', param: null, code: 'insufficient_quota' } },
      { message: 'no', codes: ['insufficient_quota', 'insufficient_quota'] },
    ],
    [
      'Anthropic',
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      { message: 'Overloaded', codes: ['overloaded_error'] },
    ],
    [
      'vLLM before 0.10',
      { object: 'error', message: 'too long', type: 'BadRequestError', param: null, code: 400 },
      { message: 'too long', codes: ['badrequesterror'] },
    ],
    ['Ollama', { error: 'model not found' }, { message: 'model not found', codes: [] }],
    ['Gemini', [{ error: { message: 'quota', code: 429 } }], { message: 'quota', codes: [] }],
    ['FastAPI text', { detail: 'Not Found' }, { message: 'Not Found', codes: [] }],
    ['a bare text', 'model not found', { message: 'model not found', codes: [] }],
    ['nothing known', { foo: 1 }, { message: '', codes: [] }],
  ])('reads the envelope of %s', (_name, body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  test("FastAPI's problems are read without the input they repeat", () => {
    const detail = [{ loc: ['body', 'messages', 0], msg: 'Field required', input: { content: 'secret' } }];
    expect(read({ detail }).message).toBe('body.messages.0: Field required');
  });

  test('text is taken as it is, a page of HTML not at all', () => {
    expect(read(undefined, '502 upstream gone').message).toBe('upstream gone');
    expect(read(undefined, '502 \n<html>502</html>').message).toBe('');
    expect(read(undefined, '504 status code (no body)').message).toBe('');
  });
});
