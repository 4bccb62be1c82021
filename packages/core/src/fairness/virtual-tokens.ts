/** An answer token costs the engine about twice a prompt token: w_p = 1, w_q = 2 in VTC, arXiv 2401.00588 §4. */
const OUTPUT_WEIGHT = 2;

/** What a tenant is charged for a job, in virtual tokens: `(input + 2 x output) / weight`. Weight is above 0. */
export const virtualTokens = (inputTokens: number, outputTokens: number, weight: number): number =>
  (inputTokens + OUTPUT_WEIGHT * outputTokens) / weight;

/**
 * How far below the one served least a tenant may begin that has nothing waiting: a burst after a quiet time is served
 * at once. 0 is the paper's rule; without a bound, whoever idled along would have the whole engine for as long. Measured
 * with bursts and floods in docs/benchmarks (fairness). Redis does the same (`lib/fairness.lua`): change both.
 */
export const BURST_CREDIT = 10_000;
