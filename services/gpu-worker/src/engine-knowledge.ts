import {
  learnProfile,
  openProfileEstimate,
  profileErrorRatio,
  type ProfileEstimate,
  type ProfileSample,
  type Reliability,
  RTX_4090,
  TRUSTED,
  type Usage,
} from '@spillway/core';
import type { LoadSeen } from './attempt-load.ts';

/** What attempts have taught of one engine: plain data, which the heartbeat carries to the next worker. */
export interface EngineKnowledge {
  readonly profile: ProfileEstimate;
  readonly reliability: Reliability;
  /** Fading sums: their ratio is what a token costs, and long attempts count as much as they use. */
  readonly joules: number;
  readonly tokens: number;
  /** Of the prompt tokens estimated before, the share that the engine had to compute; the rest was cached, or not there. */
  readonly computedShare: number;
}

/** What one answer comes to. */
export interface Lesson {
  readonly knowledge: EngineKnowledge;
  /** What the answer took as a multiple of what was expected before it; undefined where nothing had been learned. */
  readonly errorRatio: number | undefined;
}

export const KNOWS_NOTHING: EngineKnowledge = {
  profile: openProfileEstimate(RTX_4090),
  reliability: TRUSTED,
  joules: 0,
  tokens: 0,
  computedShare: 1,
};

/** Sums of fractions of milliseconds are not exact. */
const NOBODY = 1e-6;
/** What one attempt leaves of those before it: the last fifty or so count. */
const KEEP = 0.98;
/** An estimate further off than this counts as this far: a picture may be any number of tokens. */
const MOST_SHARE = 10;

/**
 * What is known after one more answer. One without tokens teaches nothing: an embedding has no answer to time, and an
 * engine that does not count cannot be learned from.
 */
export function learnFromAnswer(
  known: EngineKnowledge,
  usage: Usage,
  seen: LoadSeen,
  estimatedInputTokens: number,
): Lesson {
  const { inputTokens, cachedInputTokens, outputTokens, energyJoules } = usage;
  if (outputTokens === 0 || inputTokens === 0) return { knowledge: known, errorRatio: undefined };
  const prefillTokens = inputTokens - cachedInputTokens;
  // the plain mean at first, then one that forgets
  const part = Math.max(1 - KEEP, 1 / (known.profile.samples + 1));
  const share = Math.min(MOST_SHARE, prefillTokens / Math.max(1, estimatedInputTokens));
  const sample: ProfileSample = {
    durationMs: seen.durationMs,
    sequences: seen.sequences,
    joiningTokens: seen.sequences - 1 < NOBODY ? 0 : seen.joinedTokens / (seen.sequences - 1),
    prefillTokens,
    outputTokens,
  };
  const hasEnergy = energyJoules !== undefined;
  const knowledge = {
    ...known,
    profile: learnProfile(known.profile, sample),
    joules: hasEnergy ? known.joules * KEEP + energyJoules : known.joules,
    tokens: hasEnergy ? known.tokens * KEEP + inputTokens + outputTokens : known.tokens,
    computedShare: known.computedShare + (share - known.computedShare) * part,
  };
  return { knowledge, errorRatio: profileErrorRatio(known.profile, sample) };
}

/** What an earlier worker has left; undefined if that is not what this version writes. */
export const readKnowledge = (left: unknown): EngineKnowledge | undefined =>
  isLike(left, KNOWS_NOTHING) ? left : undefined;

/** Whether a value has the fields of `model`, with finite numbers in the same places. */
function isLike<Model>(value: unknown, model: Model): value is Model {
  if (typeof model === 'number') return Number.isFinite(value);
  if (typeof model !== 'object' || model === null || typeof value !== 'object' || value === null)
    return false;
  const fields = Object.entries(model);
  return (
    Object.keys(value).length === fields.length &&
    fields.every(([field, part]) => isLike((value as Readonly<Record<string, unknown>>)[field], part))
  );
}
