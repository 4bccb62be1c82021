import type { CloudBackendConfig } from '@spillway/contracts';
import type { Usage } from '@spillway/core';
import { configuredPrice } from './configured-price.ts';
import { tablePrice } from './table-price.ts';

/** Tokens as a vendor bills them; `inputTokens` includes those read from and written to its cache. */
export interface BilledTokens extends Pick<Usage, 'inputTokens' | 'cachedInputTokens' | 'outputTokens'> {
  readonly cacheWriteTokens?: number;
}

/** What one backend charges. Models may be named as clients name them or as the backend does. */
export interface PriceList {
  /** False: the model's price is unknown, its cost would be counted as 0, and a budget must not admit it. */
  knows(model: string): boolean;
  /** Whole micro-dollars, rounded up; undefined when the price is unknown. */
  costMicroUsd(tokens: BilledTokens, model: string): number | undefined;
  /** USD per million tokens at the lowest tier, for estimates. */
  perMillion(model: string): { readonly inputUsd: number; readonly outputUsd: number } | undefined;
}

/** USD for that many tokens of one model. */
export type Price = (tokens: BilledTokens) => number;

/** The configuration's prices first, then the bundled table of published ones, each looked up once per model. */
export function createPriceList(config: CloudBackendConfig): PriceList {
  const found = new Map<string, Price | undefined>();
  const priceOf = (model: string): Price | undefined => {
    if (!found.has(model)) found.set(model, configuredPrice(config, model) ?? tablePrice(config, model));
    return found.get(model);
  };
  return {
    knows: (model) => priceOf(model) !== undefined,
    costMicroUsd: (tokens, model) => {
      const price = priceOf(model);
      return price === undefined ? undefined : wholeMicroUsd(price(tokens));
    },
    perMillion: (model) => {
      const price = priceOf(model);
      if (price === undefined) return undefined;
      // a sample small enough for the lowest tier of every model that has tiers
      const sample = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
      return {
        inputUsd: perMillion(price({ ...sample, inputTokens: SAMPLE_TOKENS })),
        outputUsd: perMillion(price({ ...sample, outputTokens: SAMPLE_TOKENS })),
      };
    },
  };
}

const SAMPLE_TOKENS = 1000;

const perMillion = (usd: number): number => Number(((usd * 1_000_000) / SAMPLE_TOKENS).toFixed(9));

/** Up to the next whole one, but not because 100 × 0.07 is 7.000000000000001. */
const wholeMicroUsd = (usd: number): number => Math.ceil(Number((usd * 1_000_000).toFixed(6)));
