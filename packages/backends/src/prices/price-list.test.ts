import { cloudBackendSchema } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { createPriceList } from './price-list.ts';

const list = (config: Record<string, unknown>) =>
  createPriceList(
    cloudBackendSchema.parse({ kind: 'openai', api_key: 'k', models: { mini: 'gpt-5-mini' }, ...config }),
  );
const tokens = (inputTokens: number, outputTokens: number, cachedInputTokens = 0) => ({
  inputTokens,
  outputTokens,
  cachedInputTokens,
});

const knownAt = (url: string) =>
  list({ kind: 'openai-compatible', url, models: { m: 'gemini-2.5-flash' } }).knows('m');

describe('createPriceList', () => {
  test('a published price is found by the vendor’s name and by the client’s', () => {
    const prices = list({});
    for (const model of ['gpt-5-mini', 'mini']) {
      expect(prices.knows(model)).toBe(true);
      expect(prices.perMillion(model)).toEqual({ inputUsd: 0.25, outputUsd: 2 });
      expect(prices.costMicroUsd(tokens(1_000_000, 100_000), model)).toBe(450_000);
    }
  });

  test('the configuration outranks the table, under either name', () => {
    const price = { input_usd_per_million: 1, output_usd_per_million: 3, cached_input_usd_per_million: 0.5 };
    for (const name of ['gpt-5-mini', 'mini']) {
      const prices = list({ prices: { [name]: price } });
      expect(prices.costMicroUsd(tokens(100, 10, 40), 'gpt-5-mini')).toBe(60 + 20 + 30);
      expect(prices.perMillion('mini')).toEqual({ inputUsd: 1, outputUsd: 3 });
    }
  });

  test('cached input costs as much as any other where no price of its own is given', () => {
    const prices = list({ prices: { mini: { input_usd_per_million: 2, output_usd_per_million: 0 } } });
    expect(prices.costMicroUsd(tokens(10, 0, 10), 'mini')).toBe(20);
  });

  test('parts of a micro-dollar are rounded up, but the errors of binary fractions are not', () => {
    const prices = list({ prices: { mini: { input_usd_per_million: 0.07, output_usd_per_million: 0 } } });
    expect(prices.costMicroUsd(tokens(100, 0), 'mini')).toBe(7);
    expect(prices.costMicroUsd(tokens(101, 0), 'mini')).toBe(8);
    expect(prices.costMicroUsd(tokens(0, 0), 'mini')).toBe(0);
  });

  test('an unknown price is unknown, not zero', () => {
    const prices = list({ models: { odd: 'no-such-model' } });
    expect(prices.knows('no-such-model')).toBe(false);
    expect(prices.costMicroUsd(tokens(1, 1), 'odd')).toBeUndefined();
    expect(prices.perMillion('odd')).toBeUndefined();
    expect(prices.knows('constructor')).toBe(false);
  });

  test('a long prompt is billed at the tier it reaches, and the estimate stays at the lowest', () => {
    const prices = list({ kind: 'anthropic', models: { sonnet: 'claude-sonnet-4-5' } });
    expect(prices.costMicroUsd(tokens(100_000, 0), 'sonnet')).toBe(300_000);
    expect(prices.costMicroUsd(tokens(300_000, 0), 'sonnet')).toBe(1_800_000);
    expect(prices.perMillion('sonnet')).toEqual({ inputUsd: 3, outputUsd: 15 });
  });

  test('a compatible host is priced only where the table knows the host', () => {
    expect(knownAt('https://generativelanguage.googleapis.com/v1beta/openai/')).toBe(true);
    expect(knownAt('http://127.0.0.1:9000/openai/v1')).toBe(false);
  });
});
