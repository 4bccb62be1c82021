import type { JsonObject, Usage } from '@spillway/core';
import { z } from 'zod';

const count = z.int().min(0).catch(0);
const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count }).catch({ cached_tokens: 0 }),
});
const NONE = { prompt_tokens: 0, completion_tokens: 0, prompt_tokens_details: { cached_tokens: 0 } };

/** An engine of one's own owes no bill: what it does not count is counted 0. Energy is the gpu-worker's to add. */
export function toUsage(body: JsonObject): Usage {
  const usage = usageSchema.catch(NONE).parse(body['usage']);
  return {
    inputTokens: usage.prompt_tokens,
    cachedInputTokens: Math.min(usage.prompt_tokens_details.cached_tokens, usage.prompt_tokens),
    outputTokens: usage.completion_tokens,
    costMicroUsd: 0,
  };
}
