/** How long one step of the engine takes: `W + H * sequences + P * prefill tokens`, all in milliseconds. */
export interface StepProfile {
  /** Reading the weights once; paid by every step. */
  readonly baseMs: number;
  readonly perSequenceMs: number;
  readonly perPrefillTokenMs: number;
}

/**
 * An RTX 4090 with an 8B model in 16 bit. The constants are fitted to
 * https://mushfiqrahman.dev/benchmarking-mistral-7b-on-rtx-4090-vllm-concurrency-latency-and-capacity-planning/
 * and `published-table.test.ts` holds the model against that table.
 */
export const RTX_4090_PROFILE: StepProfile = {
  baseMs: 17.1,
  perSequenceMs: 0.195,
  perPrefillTokenMs: 0.113,
};

/** Length of one step in milliseconds of virtual time at full power. */
export const stepMs = (profile: StepProfile, sequences: number, prefillTokens: number): number =>
  profile.baseMs + profile.perSequenceMs * sequences + profile.perPrefillTokenMs * prefillTokens;
