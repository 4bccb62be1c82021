import { describe, expect, test } from 'vitest';
import { quoteVendor } from './quote-vendor.ts';

const PROMPT = 'Dear Ms Example, your account 4711 at\nthe example bank was closed.';
const body = { messages: [{ role: 'user', content: [{ type: 'text', text: PROMPT }] }] };
const quote = (message: string) => quoteVendor(message, body, 'HTTP 400');

describe('quoteVendor', () => {
  test('keeps what the vendor says, on one line', () => {
    expect(quote("Unsupported value:\n 'temperature' does not support 0.2")).toBe(
      "Unsupported value: 'temperature' does not support 0.2",
    );
  });

  test('cuts at 300 characters', () => {
    expect(quote('x'.repeat(1000))).toHaveLength(300);
  });

  test('withholds a text that repeats the prompt, wherever it starts and however it is broken', () => {
    expect(quote(`bad input near "${PROMPT.slice(5, 45)}"`)).toBe('HTTP 400');
    expect(quote(`blocked: ${PROMPT.replace('\n', '\\n')}`)).toBe('HTTP 400');
    expect(quote(`${'.'.repeat(7)}${PROMPT.slice(0, 30)}`)).toBe('HTTP 400');
  });

  test.each(['system', 'instructions', 'input', 'prompt', 'tools', 'text', 'output_config'])(
    'withholds a text that repeats what the client wrote in %s',
    (field) => {
      const message = `bad input near "${PROMPT.slice(5, 45)}"`;
      expect(quoteVendor(message, { [field]: [{ type: 'text', text: PROMPT }] }, 'HTTP 400')).toBe(
        'HTTP 400',
      );
    },
  );

  test('cuts off the input that pydantic adds, even where it is too short to be recognised', () => {
    expect(
      quote("1 validation error: Input should be a string [type=string_type, input_value={'a': 1}]"),
    ).toBe('1 validation error: Input should be a string [type=string_type');
    expect(quote('Invalid input: expected text')).toBe('Invalid input: expected text');
    expect(quote("[{'type': 'missing', 'loc': ('body', 'n'), 'msg': 'Field required', 'input': {'n'")).toBe(
      "[{'type': 'missing', 'loc': ('body', 'n'), 'msg': 'Field required'",
    );
  });

  test('withholds a short prompt that is repeated whole, but not the words every message has', () => {
    const short = { messages: [{ role: 'assistant', content: 'PIN is 4711' }] };
    expect(quoteVendor('cannot answer "PIN is 4711"', short, 'HTTP 400')).toBe('HTTP 400');
    expect(quoteVendor('role assistant is not allowed', short, 'HTTP 400')).toContain('assistant');
  });

  test('a list of a million tokens is no trouble', () => {
    const tokens = { prompt: Array.from({ length: 1_000_000 }, (_, id) => id) };
    expect(quoteVendor('too many tokens', tokens, 'HTTP 400')).toBe('too many tokens');
  });

  test('an empty text is replaced', () => {
    expect(quote(' \n')).toBe('HTTP 400');
  });
});
