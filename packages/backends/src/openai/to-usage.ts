import type { JsonObject, Usage } from '@spillway/core';
import { z } from 'zod';
import type { PriceList } from '../prices/price-list.ts';

const count = z.int().min(0);
const usageSchema = z.object({
  prompt_tokens: count,
  /** Embeddings have none. */
  completion_tokens: count.default(0),
  prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
});

/** What Responses call the same counts. */
const responseUsageSchema = z
  .object({
    input_tokens: count,
    output_tokens: count,
    input_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
  })
  .transform((usage) => ({
    prompt_tokens: usage.input_tokens,
    completion_tokens: usage.output_tokens,
    prompt_tokens_details: usage.input_tokens_details,
  }));
const anyUsageSchema = z.union([usageSchema, responseUsageSchema]);

/** Tokens as billed and their cost, 0 where the price is unknown; undefined when the answer does not tell the tokens. */
export function toUsage(body: JsonObject, model: string, prices: PriceList): Usage | undefined {
  const parsed = anyUsageSchema.safeParse(body['usage']);
  if (!parsed.success) return undefined;
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = parsed.data;
  const cachedInputTokens = Math.min(parsed.data.prompt_tokens_details?.cached_tokens ?? 0, inputTokens);
  const tokens = { inputTokens, cachedInputTokens, outputTokens };
  return { ...tokens, costMicroUsd: prices.costMicroUsd(tokens, model) ?? 0 };
}
