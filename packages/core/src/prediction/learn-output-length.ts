import { type OutputLength, UNKNOWN_LENGTH } from './output-length.ts';

/** How a learned length moves. Redis does the same arithmetic where usage is settled (`lib/lengths.lua`): change both. */
const LEARNING = {
  /** The first answer is taken for the median, and this many times it for the 90th percentile. */
  spread: 2,
  /** A step is this over the answers so far, between the two: at the least, half is forgotten after some 140. */
  firstStep: 3,
  mostStep: 0.5,
  leastStep: 0.01,
  /** An answer counts for the mean as at most this many times the 90th percentile. */
  clip: 4,
  /** No answer is longer: 2^20 tokens. */
  mostTokens: 1_048_576,
} as const;

/**
 * The length after one more answer; the same one when that is no number of tokens. Start with undefined.
 *
 * A percentile takes a step up at each longer answer and one down at each shorter, in proportion to the chances of
 * both, so that it comes to rest where they balance (stochastic approximation: Robbins and Monro 1951; Tierney, A
 * Space-Efficient Recursive Procedure for Estimating a Quantile, 1983). Steps are factors, so that answers of 3 and of
 * 3000 tokens are learned alike, and no answer, however long, moves more than its step.
 */
export function learnOutputLength(length: OutputLength | undefined, outputTokens: number): OutputLength {
  const { spread, firstStep, mostStep, leastStep, clip, mostTokens } = LEARNING;
  if (!(outputTokens >= 0)) return length ?? UNKNOWN_LENGTH;
  const tokens = Math.min(Math.max(outputTokens, 1), mostTokens);
  if (length === undefined) return { p50: tokens, p90: tokens * spread, mean: tokens, samples: 1 };
  const samples = length.samples + 1;
  const step = Math.min(Math.max(firstStep / samples, leastStep), mostStep);
  const p50 = tokens > length.p50 ? length.p50 * (1 + step * 0.5) : length.p50 / (1 + step * 0.5);
  const p90 = tokens > length.p90 ? length.p90 * (1 + step * 0.9) : length.p90 / (1 + step * 0.1);
  const clipped = Math.min(tokens, clip * length.p90);
  const mean = length.mean + (clipped - length.mean) * Math.max(1 / samples, leastStep);
  return { p50: Math.max(p50, 1), p90: Math.max(p90, p50, 1), mean, samples };
}
