import { ENDPOINTS, ROUTING_STRATEGIES } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import {
  formatFeatures,
  formatPrefix,
  parseFeatures,
  parsePrefix,
  type RecordedFeatures,
} from './job-features.ts';

const features: RecordedFeatures = {
  endpoint: '/v1/chat/completions',
  strategy: 'auto',
  task: 'chat',
  inputTokens: 1180,
  outputTokens: 512,
};

describe('features as a record holds them', () => {
  test.each(
    ENDPOINTS.flatMap((endpoint) => ROUTING_STRATEGIES.map((strategy) => [endpoint, strategy] as const)),
  )('%s with %s are read as they were written', (endpoint, strategy) => {
    const written = { ...features, endpoint, strategy };
    expect(parseFeatures(formatFeatures(written))).toEqual(written);
  });

  test.each([
    [{}],
    [{ minQuality: 0.7 }],
    [{ maxCostUsd: 0.000_001 }],
    [{ minQuality: 0, maxCostUsd: 0 }],
    [{ minQuality: 1, maxCostUsd: 12.5 }],
    [{ inputTokens: 0, outputTokens: 0, task: '-' }],
  ])('with %j too', (changes) => {
    const written = { ...features, ...changes };
    expect(parseFeatures(formatFeatures(written))).toEqual(written);
  });

  test('fit into a short value of a record, however long each of them is', () => {
    const longest: RecordedFeatures = {
      endpoint: '/v1/chat/completions',
      strategy: 'self_hosted_only',
      task: 't'.repeat(32),
      inputTokens: 2_000_000_000,
      outputTokens: 128 * 131_072,
      minQuality: 0.999_99,
      maxCostUsd: 1_000_000,
    };
    expect(formatFeatures(longest).length).toBeLessThanOrEqual(64);
    expect(parseFeatures(formatFeatures(longest))).toEqual(longest);
  });

  test.each([
    '',
    '/v1/chat/completions auto 10 20',
    'c a 10 20',
    'x a 10 20 chat',
    'c x 10 20 chat',
    'c a _ 20 chat',
    'c a 10 20 chat - - more',
  ])('of another version are nobody’s: %j', (text) => {
    expect(parseFeatures(text)).toBeUndefined();
  });
});

test('hashes of blocks are read as they were written, up to the largest', () => {
  for (const prefix of [
    [],
    [0],
    [1, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1],
    Array.from({ length: 300 }, (_, n) => n),
  ]) {
    expect(parsePrefix(formatPrefix(prefix))).toEqual(prefix);
  }
  expect(formatPrefix([]), 'none take no room').toBe('');
});
