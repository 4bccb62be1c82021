import type { DocumentResult, UsageBody } from '@spillway/contracts';
import type { LineOutcome, Usage } from '@spillway/core';

/** An outcome as a result of a document batch. */
export function renderDocumentResult(outcome: LineOutcome): DocumentResult {
  const { document, usage, servedBy, error, tookMs } = outcome;
  return {
    index: outcome.line,
    document: document?.name ?? outcome.customId,
    sha256: document?.sha256 ?? '',
    pages: document?.pages ?? null,
    chunks: document?.chunks ?? 0,
    status: outcome.outcome,
    // It was read from JSON.
    output: (document?.output ?? null) as DocumentResult['output'],
    usage: usage === undefined ? null : toUsageBody(usage),
    served_by: servedBy ?? null,
    why: outcome.why ?? null,
    seconds: tookMs === undefined ? null : tookMs / 1000,
    error: error ?? null,
  };
}

const toUsageBody = (usage: Usage): UsageBody => ({
  input_tokens: usage.inputTokens,
  cached_input_tokens: usage.cachedInputTokens,
  output_tokens: usage.outputTokens,
  cost_usd: usage.costMicroUsd / 1e6,
  energy_joules: usage.energyJoules ?? null,
});
