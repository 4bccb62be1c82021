import type { RateLimit } from '@spillway/backends';

/** What an account's limits let through until they are renewed. */
interface RateLimitsLeft {
  readonly requestsLeft: number;
  readonly tokensLeft: number;
}

export interface RateLimits {
  /** What an answer of that model said. */
  observe(model: string, limits: readonly RateLimit[]): void;
  /** The least that is left of any model; undefined when nothing that was heard still holds. */
  left(): RateLimitsLeft | undefined;
}

interface Standing {
  readonly what: RateLimit['what'];
  readonly left: number;
  readonly untilMs: number;
}

/** A limit nobody told of; JSON has no infinity. */
const UNTOLD = Number.MAX_SAFE_INTEGER;

/**
 * Remembers what the last answer of each model said, until the limit is whole again: from then on it says nothing. The
 * vendors count by model; the descriptor speaks for all of a backend's, so the scarcest one does.
 */
export function createRateLimits(nowMs: () => number): RateLimits {
  const byModel = new Map<string, readonly Standing[]>();
  return {
    observe: (model, limits) => {
      const standing = limits.flatMap(({ what, left, resetInMs }): readonly Standing[] =>
        left === undefined ? [] : [{ what, left, untilMs: nowMs() + resetInMs }],
      );
      if (standing.length > 0) byModel.set(model, standing);
    },
    left: () => {
      const standing = [...byModel.values()].flat().filter(({ untilMs }) => untilMs > nowMs());
      const least = (wanted: RateLimit['what']): number =>
        Math.min(UNTOLD, ...standing.filter(({ what }) => what === wanted).map(({ left }) => left));
      return standing.length === 0
        ? undefined
        : { requestsLeft: least('requests'), tokensLeft: least('tokens') };
    },
  };
}
