import { type CloudLatency, cloudMs, TYPICAL_CLOUD } from './cloud-latency.ts';

/** One answer of a cloud backend, as the worker that asked for it saw it. */
export interface CloudSample {
  readonly outputTokens: number;
  readonly durationMs: number;
  /** From the request to the first token, where the answer was streamed. */
  readonly firstTokenMs?: number;
}

/** What is known of a cloud backend so far: plain data, which a heartbeat carries and a restarted worker goes on with. */
export interface CloudLatencyEstimate {
  readonly firstTokenMs: number;
  /** The 95th percentile of the time to the first token, as a multiple of the median above. */
  readonly firstTokenSpread: number;
  readonly perTokenMs: number;
  /** Answers taken. */
  readonly samples: number;
}

/** How the estimate moves. */
const LEARNING = {
  /** Steps are this over the samples so far, between the two: half is forgotten after some 35 answers. */
  first: 4,
  most: 0.5,
  least: 0.04,
  /** The most an answer may differ, as a logarithm: beyond 1.6 times, it does not matter how much. */
  clip: 0.5,
  /** Nothing is faster or slower than this. */
  leastTokenMs: 0.01,
  mostTokenMs: 10_000,
  leastFirstMs: 1,
  mostFirstMs: 600_000,
  mostSpread: 100,
} as const;

/** An estimate that knows nothing yet but what backends of the kind do. */
export const openCloudLatency = (prior: CloudLatency = TYPICAL_CLOUD): CloudLatencyEstimate => ({
  firstTokenMs: prior.firstTokenMs.p50,
  firstTokenSpread: prior.firstTokenMs.p95 / prior.firstTokenMs.p50,
  perTokenMs: prior.perTokenMs,
  samples: 0,
});

/** The latency as it is known by now. */
export const cloudLatencyOf = (estimate: CloudLatencyEstimate): CloudLatency => {
  const { firstTokenMs: p50, firstTokenSpread, perTokenMs, samples } = estimate;
  return { firstTokenMs: { p50, p95: p50 * firstTokenSpread }, perTokenMs, samples };
};

/**
 * The estimate after one more answer; the same one when its figures cannot be.
 *
 * Everything moves by factors, so that 20 ms and 2 s are learned alike. Percentiles take a step up at each sample above
 * them and one down at each below, in proportion to the chances of both, so that they come to rest where these balance
 * (stochastic approximation: Robbins and Monro 1951; Tierney, A Space-Efficient Recursive Procedure for Estimating a
 * Quantile, 1983): how far above does not matter. Time per token is an EWMA of clipped logarithms. Each part moves as much
 * as its share in the whole, so that long answers tell the tokens, and, where nothing was streamed and only the sum is
 * known, short ones the first token.
 */
export function learnCloudLatency(estimate: CloudLatencyEstimate, sample: CloudSample): CloudLatencyEstimate {
  const { outputTokens, durationMs } = sample;
  if (!isPossible(sample)) return estimate;
  const samples = estimate.samples + 1;
  const rate = Math.min(Math.max(LEARNING.first / samples, LEARNING.least), LEARNING.most);
  const { perTokenMs, firstTokenSpread } = estimate;
  const tokensMs = outputTokens * perTokenMs;
  const expectedMs = estimate.firstTokenMs + tokensMs;
  const streamed = firstTokenOf(sample);
  const firstMs = streamed ?? durationMs - tokensMs;
  const step = streamed === undefined ? (rate * estimate.firstTokenMs) / expectedMs : rate;
  const ratio = streamed === undefined ? durationMs / expectedMs : (durationMs - streamed) / tokensMs;

  const { leastFirstMs, mostFirstMs, mostSpread, leastTokenMs, mostTokenMs, clip } = LEARNING;
  const firstTokenMs = estimate.firstTokenMs * factor(firstMs > estimate.firstTokenMs, 0.5, step);
  const isLate = firstMs > firstTokenMs * firstTokenSpread;
  const tokenStep = ((rate * tokensMs) / expectedMs) * within(Math.log(ratio), -clip, clip);
  return {
    firstTokenMs: within(firstTokenMs, leastFirstMs, mostFirstMs),
    firstTokenSpread: within(firstTokenSpread * factor(isLate, 0.95, step), 1, mostSpread),
    perTokenMs:
      outputTokens === 0 ? perTokenMs : within(perTokenMs * Math.exp(tokenStep), leastTokenMs, mostTokenMs),
    samples,
  };
}

/**
 * What an answer took as a multiple of what the estimate says of it, by the formula the plan predicts with; undefined
 * before the first sample, and when the sample's figures cannot be.
 */
export const cloudErrorRatio = (estimate: CloudLatencyEstimate, sample: CloudSample): number | undefined =>
  estimate.samples > 0 && isPossible(sample)
    ? sample.durationMs / cloudMs(cloudLatencyOf(estimate), sample.outputTokens)
    : undefined;

const isPossible = ({ outputTokens, durationMs }: CloudSample): boolean =>
  outputTokens >= 0 && outputTokens <= MOST_TOKENS && durationMs > 0 && durationMs <= MOST_MS;
const MOST_TOKENS = 1e7;
/** Eleven days. */
const MOST_MS = 1e9;

/** A first token that came after the last one, or in no time, was measured wrongly: only the sum is believed. */
const firstTokenOf = ({ firstTokenMs, durationMs }: CloudSample): number | undefined =>
  firstTokenMs !== undefined && firstTokenMs > 0 && firstTokenMs <= durationMs ? firstTokenMs : undefined;

/** What a quantile is multiplied by after a sample above or below it. */
const factor = (isAbove: boolean, quantile: number, step: number): number =>
  Math.exp(step * (isAbove ? quantile : quantile - 1));

const within = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);
