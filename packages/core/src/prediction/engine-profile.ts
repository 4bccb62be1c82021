/**
 * How fast one engine works, as the step model has it: a step lasts `W + H x sequences + P x prefill tokens` ms
 * (docs/scheduling.md#engine-profile; fitted to published figures within 5 %). The factors are the share of full speed
 * that the power limit leaves, in (0, 1]: prefill loses more than decode does.
 */
export interface EngineProfile {
  /** W: reading the weights once, paid by every step. */
  readonly baseMs: number;
  /** H: what one more sequence adds to a step. */
  readonly perSequenceMs: number;
  /** P: what one uncached prompt token adds. */
  readonly perPrefillTokenMs: number;
  readonly prefillFactor: number;
  readonly decodeFactor: number;
  /** Completions it was learned from; 0: these are the published constants. */
  readonly samples: number;
}

/** An RTX 4090 with a 7 to 8B model in 16 bit: fitted to the table that docs/scheduling.md#engine-profile quotes. */
export const RTX_4090: EngineProfile = {
  baseMs: 17.1,
  perSequenceMs: 0.195,
  perPrefillTokenMs: 0.113,
  prefillFactor: 1,
  decodeFactor: 1,
  samples: 0,
};

/**
 * Engine time a job uses up, in ms: the engine's throughput is what fits into its time. With `sequences` in the batch
 * a token takes `W/n + H` of it.
 *
 * @param prefillTokens prompt tokens that are not in the prefix cache
 */
export const workMs = (
  profile: EngineProfile,
  sequences: number,
  prefillTokens: number,
  outputTokens: number,
): number =>
  (prefillTokens * profile.perPrefillTokenMs) / profile.prefillFactor +
  (outputTokens * (profile.baseMs / Math.max(1, sequences) + profile.perSequenceMs)) / profile.decodeFactor;

/** Time a prompt takes until its first token, in ms, with `sequences` in the batch. */
export const prefillMs = (profile: EngineProfile, sequences: number, prefillTokens: number): number =>
  (prefillTokens * profile.perPrefillTokenMs) / profile.prefillFactor + stepMs(profile, sequences);

/** Length of a step that only decodes, in ms. */
export const stepMs = (profile: EngineProfile, sequences: number): number =>
  (profile.baseMs + profile.perSequenceMs * sequences) / profile.decodeFactor;

/**
 * Time from the first token to the last one, in ms: each step waits for the prompts that join meanwhile. In the time
 * one job is in the batch, each of the others is replaced as often as its answer is shorter than this one, so their
 * prompts are computed in between.
 *
 * @param joiningTokens prompt tokens of one job that joins, on average
 * @param joiningOutputTokens answer tokens of one of them; unless told, they are like this job, and replaced once
 */
export const decodeMs = (
  profile: EngineProfile,
  sequences: number,
  outputTokens: number,
  joiningTokens: number,
  joiningOutputTokens: number = outputTokens,
): number => {
  const joined = (Math.max(0, sequences - 1) * outputTokens) / Math.max(1, joiningOutputTokens);
  return (
    outputTokens * stepMs(profile, sequences) +
    (joined * joiningTokens * profile.perPrefillTokenMs) / profile.prefillFactor
  );
};
