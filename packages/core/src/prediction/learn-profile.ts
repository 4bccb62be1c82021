import { decodeMs, type EngineProfile, prefillMs } from './engine-profile.ts';
import { BALANCED, type Equations, fade, observe, solve, type Triple } from './profile-equations.ts';

/** One completion, as the worker that ran it saw it. */
export interface ProfileSample {
  /** Prompt tokens the engine had to compute: those not in its prefix cache. */
  readonly prefillTokens: number;
  readonly outputTokens: number;
  /** Sequences in the batch meanwhile, on average, this one included. */
  readonly sequences: number;
  /** Prompt tokens, and answer tokens, of one of the other jobs, on average; answers as long as this one's unless told. */
  readonly joiningTokens: number;
  readonly joiningOutputTokens?: number;
  readonly durationMs: number;
  /** From the request to the first token, where the answer was streamed. */
  readonly firstTokenMs?: number;
}

/** What is known of an engine so far: plain data, which a heartbeat carries and a restarted worker goes on with. */
export interface ProfileEstimate {
  readonly prior: EngineProfile;
  /** W, H and P as multiples of the prior's. */
  readonly ratios: Triple;
  readonly equations: Equations;
  /** Median relative error of what the estimate says before it sees a sample. */
  readonly medianError: number;
  /** Completions taken. */
  readonly samples: number;
}

const LEARNING = {
  /** What is left of a sample's weight after the next one: half after 45, a twentieth after 200. */
  memory: 0.985,
  /** Errors of up to so many standard deviations count in full (Huber 1964). */
  usualDeviations: 1.345,
  /** A standard deviation in medians of absolute errors, if errors are normal. */
  deviationsPerMedian: 1.4826,
  /** The median is sought in steps of this part of itself. */
  medianStep: 0.1,
  startError: 0.3,
  leastError: 0.02,
  mostError: 10,
} as const;

/** An estimate that knows nothing yet but what engines of the kind do. Its power factors stay as the prior has them. */
export const openProfileEstimate = (prior: EngineProfile): ProfileEstimate => ({
  prior,
  ratios: [1, 1, 1],
  equations: BALANCED,
  medianError: LEARNING.startError,
  samples: 0,
});

/** The engine's profile as it is known by now. */
export const profileOf = ({ prior, ratios, samples }: ProfileEstimate): EngineProfile => ({
  ...prior,
  baseMs: prior.baseMs * ratios[0],
  perSequenceMs: prior.perSequenceMs * ratios[1],
  perPrefillTokenMs: prior.perPrefillTokenMs * ratios[2],
  samples,
});

/**
 * The estimate after one more completion; the same one when the sample's figures cannot be.
 *
 * A duration is linear in W, H and P (`prefillMs` + `decodeMs`), so they are fitted by least squares over exponentially
 * fading samples (Ljung and Söderström, Theory and Practice of Recursive Identification, 1983), on relative errors, so
 * that long answers do not outweigh short ones. A sample that is further off than usual counts less with the square of
 * its error (weights that redescend: Holland and Welsch, Robust Regression Using Iteratively Reweighted Least-Squares,
 * 1977). What is usual is the running median of absolute errors: a fifth of arbitrary samples hardly moves it, a lasting
 * change of speed soon does.
 */
export function learnProfile(estimate: ProfileEstimate, sample: ProfileSample): ProfileEstimate {
  if (!isPossible(sample)) return estimate;
  const { prior, ratios, medianError } = estimate;
  const { firstTokenMs, durationMs } = sample;
  const [first, rest] = rowsOf(prior, sample);
  const whole: Triple = [first[0] + rest[0], first[1] + rest[1], first[2] + rest[2]];
  const expectedMs = dot(whole, ratios);
  const error = Math.abs(durationMs / expectedMs - 1);
  const usual = LEARNING.usualDeviations * LEARNING.deviationsPerMedian * medianError;
  const weight = Math.min(1, usual / error) ** 2 / expectedMs ** 2;

  const faded = fade(estimate.equations, LEARNING.memory);
  const equations =
    firstTokenMs !== undefined && firstTokenMs > 0 && firstTokenMs < durationMs
      ? observe(observe(faded, first, firstTokenMs, weight), rest, durationMs - firstTokenMs, weight)
      : observe(faded, whole, durationMs, weight);
  const learned = solve(equations);
  // Errors of the past were relative to too short a time, if the engine is slower than it seemed: they count less.
  const growth = Math.max(1, dot(whole, learned) / expectedMs);
  return {
    prior,
    equations: fade(equations, 1 / growth ** 2),
    ratios: learned,
    medianError: nextMedian(medianError, error),
    samples: estimate.samples + 1,
  };
}

/**
 * What a completion took as a multiple of what the estimate says of it, by the formula the plan predicts with; undefined
 * before the first sample, and when the sample's figures cannot be.
 */
export function profileErrorRatio(estimate: ProfileEstimate, sample: ProfileSample): number | undefined {
  if (estimate.samples === 0 || !isPossible(sample)) return undefined;
  const profile = profileOf(estimate);
  return sample.durationMs / (firstMs(profile, sample) + restMs(profile, sample));
}

function nextMedian(median: number, error: number): number {
  const step = 1 + LEARNING.medianStep;
  const next = error > median ? median * step : median / step;
  return Math.min(Math.max(next, LEARNING.leastError), LEARNING.mostError);
}

/** Figures that are no numbers, nothing to compute, no time at all: measured wrongly, or no engine's work. */
function isPossible(sample: ProfileSample): boolean {
  const { prefillTokens, outputTokens, sequences, joiningTokens, joiningOutputTokens, durationMs } = sample;
  return (
    isCount(prefillTokens) &&
    isCount(outputTokens) &&
    prefillTokens + outputTokens > 0 &&
    isCount(sequences) &&
    isCount(joiningTokens) &&
    isCount(joiningOutputTokens ?? outputTokens) &&
    durationMs > 0 &&
    durationMs <= MOST_MS
  );
}

const isCount = (value: number): boolean => value >= 0 && value <= MOST_TOKENS;
const MOST_TOKENS = 1e7;
/** Eleven days. */
const MOST_MS = 1e9;

/** What W, H and P of the prior, each alone, make of the time to the first token and of the time from there. */
function rowsOf(prior: EngineProfile, sample: ProfileSample): readonly [Triple, Triple] {
  const w = { ...prior, perSequenceMs: 0, perPrefillTokenMs: 0 };
  const h = { ...prior, baseMs: 0, perPrefillTokenMs: 0 };
  const p = { ...prior, baseMs: 0, perSequenceMs: 0 };
  return [
    [firstMs(w, sample), firstMs(h, sample), firstMs(p, sample)],
    [restMs(w, sample), restMs(h, sample), restMs(p, sample)],
  ];
}

/** From the request to the first token, as the profile has it. */
const firstMs = (profile: EngineProfile, { sequences, prefillTokens }: ProfileSample): number =>
  prefillMs(profile, Math.max(1, sequences), prefillTokens);

/** From there to the last one. */
const restMs = (profile: EngineProfile, sample: ProfileSample): number =>
  decodeMs(
    profile,
    Math.max(1, sample.sequences),
    sample.outputTokens,
    sample.joiningTokens,
    sample.joiningOutputTokens,
  );

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
