import { describe, expect, test } from 'vitest';
import { writeAnswer, type AnswerRequest } from './answer.ts';
import { simulatedDigest } from './digest.ts';
import { promptFrom } from './prompt.ts';

const request = (text: string, rest: Partial<AnswerRequest> = {}): AnswerRequest => ({
  label: '[simulated]',
  prompt: promptFrom([text]),
  format: { kind: 'text' },
  maxTokens: Infinity,
  seed: 0,
  ...rest,
});

const write = (text: string, seed: number): string => writeAnswer(request(text, { seed })).pieces.join('');

describe('writeAnswer', () => {
  test('says that it is simulated, carries the digest of its input and echoes its first words', () => {
    const text = writeAnswer(request('What is the capital of France?')).pieces.join('');
    expect(text.startsWith(`[simulated] ${simulatedDigest('What is the capital of France?')}`)).toBe(true);
    expect(text).toContain('What is the capital of France?');
  });

  test('is the same for the same input and another for another input or seed', () => {
    expect(write('a', 0)).toBe(write('a', 0));
    expect(new Set([write('a', 0), write('b', 0), write('a', 1)]).size).toBe(3);
  });

  test('is 30 to 256 tokens long, over the whole range', () => {
    const lengths = Array.from(
      { length: 2_000 },
      (_, index) => writeAnswer(request(`q${index}`)).pieces.length,
    );
    expect(Math.min(...lengths)).toBe(30);
    expect(Math.max(...lengths)).toBe(256);
  });

  test('is cut at max_tokens and says so, with label and digest even in one token', () => {
    const answer = writeAnswer(request('hello', { maxTokens: 1 }));
    expect(answer).toEqual({ pieces: [`[simulated] ${simulatedDigest('hello')}`], finishReason: 'length' });
  });

  test('is JSON with the digest when JSON is asked for', () => {
    const answer = writeAnswer(request('hello', { format: { kind: 'json-object' } }));
    expect(JSON.parse(answer.pieces.join(''))).toEqual({ simulated: true, digest: simulatedDigest('hello') });
  });
});

describe('promptFrom', () => {
  test('digests all contents joined and estimates four characters and a frame of four per message', () => {
    const prompt = promptFrom(['You are terse.', 'Hi']);
    expect(prompt.digest).toBe(simulatedDigest('You are terse.Hi'));
    expect(prompt.digest).toMatch(/^[0-9a-f]{12}$/u);
    expect(prompt.tokens).toBe(4 + 4 + 1 + 4);
  });
});
