import type { Usage } from '@spillway/core';
import type { MessageAnswer } from '@spillway/dialects';
import type { PriceList } from '../prices/price-list.ts';

/** Anthropic counts cached tokens apart; ours include them. Cost is 0 where the price is unknown. */
export function toUsage(answer: MessageAnswer, model: string, prices: PriceList): Usage {
  const cachedInputTokens = answer.usage.cache_read_input_tokens ?? 0;
  const cacheWriteTokens = answer.usage.cache_creation_input_tokens ?? 0;
  const tokens = {
    inputTokens: answer.usage.input_tokens + cachedInputTokens + cacheWriteTokens,
    cachedInputTokens,
    outputTokens: answer.usage.output_tokens,
  };
  return { ...tokens, costMicroUsd: prices.costMicroUsd({ ...tokens, cacheWriteTokens }, model) ?? 0 };
}
