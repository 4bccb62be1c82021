import { isJsonObject, type LineOutcome } from '@spillway/core';

/** What lines used together, by the counters of a batch's record: tokens, and whole micro-dollars. */
export function usedBy(outcomes: readonly LineOutcome[]): Readonly<Record<string, number>> {
  const used = {
    input_tokens: 0,
    cached_input_tokens: 0,
    output_tokens: 0,
    reasoning_tokens: 0,
    cost_micro_usd: 0,
  };
  for (const { usage, body } of outcomes) {
    if (usage === undefined) continue;
    used.input_tokens += usage.inputTokens;
    used.cached_input_tokens += usage.cachedInputTokens;
    used.output_tokens += usage.outputTokens;
    used.reasoning_tokens += reasoningTokens(body?.['usage']);
    used.cost_micro_usd += usage.costMicroUsd;
  }
  return used;
}

/** As chat completions and responses tell them. */
function reasoningTokens(usage: unknown): number {
  if (!isJsonObject(usage)) return 0;
  const details = usage['completion_tokens_details'] ?? usage['output_tokens_details'];
  const tokens = isJsonObject(details) ? details['reasoning_tokens'] : undefined;
  return typeof tokens === 'number' && Number.isInteger(tokens) ? tokens : 0;
}
