/**
 * What one attempt used. Tokens are counts, `inputTokens` includes the cached ones; money is whole
 * micro-dollars (1 USD = 1,000,000), so sums never drift; energy is only known for local backends.
 */
export interface Usage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly costMicroUsd: number;
  readonly energyJoules?: number;
}

export const NO_USAGE: Usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, costMicroUsd: 0 };
