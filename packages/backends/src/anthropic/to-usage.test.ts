import { messageAnswerSchema } from '@spillway/dialects';
import { expect, test } from 'vitest';
import { toUsage } from './to-usage.ts';

const PRICES = {
  knows: () => true,
  costMicroUsd: ({ inputTokens, cacheWriteTokens = 0 }: { inputTokens: number; cacheWriteTokens?: number }) =>
    inputTokens + 1000 * cacheWriteTokens,
  perMillion: () => undefined,
};

test('input tokens include those read from and written to the cache, and writes are billed as such', () => {
  const answer = messageAnswerSchema.parse({
    id: 'msg_1',
    model: 'claude-x',
    content: [],
    stop_reason: 'end_turn',
    usage: {
      input_tokens: 10,
      output_tokens: 5,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 3,
    },
  });
  expect(toUsage(answer, 'claude-x', PRICES)).toEqual({
    inputTokens: 113,
    cachedInputTokens: 100,
    outputTokens: 5,
    costMicroUsd: 3113,
  });
});
