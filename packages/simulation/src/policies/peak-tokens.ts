import type { HeldJob } from './policy.ts';

/** A job in a KV cache: its tokens now, and those still to come. */
export interface CacheShare {
  readonly now: number;
  readonly left: number;
}

/** Of a job that an engine has begun. */
export const shareOfHeld = ({ inputTokens, outputTokens, generated }: HeldJob): CacheShare => ({
  now: inputTokens + generated,
  left: Math.max(0, outputTokens - generated - 1),
});

/** Of one that is about to begin, whose answer an oracle knows. */
export const shareOfNext = (inputTokens: number, outputTokens: number): CacheShare => ({
  now: inputTokens + 1,
  left: outputTokens - 1,
});

/**
 * KV tokens at the fullest moment, which is just before one of them ends: how LightLLM, the engine of the published
 * fairness figures, admits requests.
 */
export function peakTokens(shares: readonly CacheShare[]): number {
  let most = 0;
  let now = 0;
  for (const [index, share] of shares.toSorted((a, b) => b.left - a.left).entries()) {
    now += share.now;
    most = Math.max(most, now + share.left * (index + 1));
  }
  return most;
}
