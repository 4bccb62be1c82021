import { expect, test } from 'vitest';
import { readRateLimits } from './rate-limits.ts';

const NOW = Date.parse('2026-11-05T10:00:00Z');
const read = (headers: Record<string, string>) => readRateLimits(new Headers(headers), NOW);

test('what OpenAI leaves, and until when', () => {
  expect(
    read({
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-tokens': '6m0s',
    }),
  ).toEqual([
    { what: 'requests', left: 59, resetInMs: 1000 },
    { what: 'tokens', left: 149_984, resetInMs: 360_000 },
  ]);
});

test('what Anthropic leaves: its limits of prompts and answers are limits of tokens, too', () => {
  const reset = '2026-11-05T10:00:05Z';
  expect(
    read({
      'anthropic-ratelimit-requests-remaining': '49',
      'anthropic-ratelimit-requests-reset': reset,
      'anthropic-ratelimit-input-tokens-remaining': '40000',
      'anthropic-ratelimit-input-tokens-reset': reset,
      'anthropic-ratelimit-output-tokens-remaining': '8000',
      'anthropic-ratelimit-output-tokens-reset': reset,
    }),
  ).toEqual([
    { what: 'requests', left: 49, resetInMs: 5000 },
    { what: 'tokens', left: 40_000, resetInMs: 5000 },
    { what: 'tokens', left: 8000, resetInMs: 5000 },
  ]);
});

test('a limit that nobody says the end of is none, and one without a number has none left to tell', () => {
  expect(read({})).toEqual([]);
  expect(read({ 'x-ratelimit-remaining-requests': '3' })).toEqual([]);
  expect(read({ 'x-ratelimit-remaining-requests': '-1', 'x-ratelimit-reset-requests': '2s' })).toEqual([
    { what: 'requests', left: undefined, resetInMs: 2000 },
  ]);
});
