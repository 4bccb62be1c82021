import { describe, expect, test } from 'vitest';
import { parseRetryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-11-05T10:00:00Z');
const wait = (headers: Record<string, string>, status = 429) =>
  parseRetryAfterMs(status, new Headers(headers), NOW);

describe('parseRetryAfterMs', () => {
  test.each([
    [{ 'retry-after-ms': '1500.2' }, 1501],
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0.25' }, 250],
    [{ 'retry-after': 'Thu, 05 Nov 2026 10:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Thu, 05 Nov 2026 09:00:00 GMT' }, 0],
    [{ 'x-ratelimit-reset-requests': '12ms' }, 12],
    [{ 'x-ratelimit-reset-tokens': '6m0s' }, 360_000],
    [{ 'x-ratelimit-reset-tokens': '1h0m1.5s' }, 3_601_500],
    [{ 'x-ratelimit-reset-tokens': '7' }, 7000],
    [{ 'anthropic-ratelimit-requests-reset': '2026-11-05T10:00:05Z' }, 5000],
    [{ 'anthropic-ratelimit-input-tokens-reset': '2026-11-05T10:01:00+00:00' }, 60_000],
  ])('%j', (headers, expected) => {
    expect(wait(headers)).toBe(expected);
  });

  test('what the vendor asks for outranks what its limits suggest', () => {
    expect(wait({ 'retry-after-ms': '5', 'retry-after': '9', 'x-ratelimit-reset-requests': '1s' })).toBe(5);
    expect(wait({ 'retry-after': '9', 'x-ratelimit-reset-requests': '1s' })).toBe(9000);
  });

  test('all exhausted limits must recover; limits with room do not count beside them', () => {
    const headers = {
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-remaining-tokens': '120',
      'x-ratelimit-reset-tokens': '6m0s',
    };
    expect(wait(headers)).toBe(1000);
    expect(wait({ ...headers, 'x-ratelimit-remaining-tokens': '0' })).toBe(360_000);
    expect(wait({ ...headers, 'x-ratelimit-remaining-requests': '3' })).toBe(1000);
  });

  test('nonsense counts as silence, and a year as a day', () => {
    expect(wait({})).toBeUndefined();
    expect(wait({ 'retry-after': '-1', 'x-ratelimit-reset-tokens': 'soon' })).toBeUndefined();
    expect(wait({ 'retry-after': '31536000' })).toBe(86_400_000);
  });
});

test('the limits of a vendor that is merely overloaded say nothing about when it is back', () => {
  const healthy = { 'x-ratelimit-remaining-requests': '99', 'x-ratelimit-reset-requests': '60s' };
  expect(wait(healthy, 503)).toBeUndefined();
  expect(wait({ ...healthy, 'retry-after': '2' }, 503)).toBe(2000);
});
