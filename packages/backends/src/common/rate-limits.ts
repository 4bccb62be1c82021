import { amount, durationMs, untilDateMs } from './header-values.ts';

/** One of a vendor's rate limits, as the headers of an answer tell it. */
export interface RateLimit {
  readonly what: 'requests' | 'tokens';
  /** Undefined where the vendor only says when it is whole again. */
  readonly left: number | undefined;
  /** How long until it is whole again. */
  readonly resetInMs: number;
}

/** The limits an answer tells of, whichever vendor's headers it has; none when it is silent. */
export function readRateLimits(headers: Headers, nowMs: number): readonly RateLimit[] {
  const openAi = openAiLimits(headers);
  return openAi.length > 0 ? openAi : anthropicLimits(headers, nowMs);
}

const openAiLimits = (headers: Headers): readonly RateLimit[] =>
  (['requests', 'tokens'] as const).flatMap((what) =>
    limit(
      what,
      headers.get(`x-ratelimit-remaining-${what}`),
      durationMs(headers.get(`x-ratelimit-reset-${what}`)),
    ),
  );

const anthropicLimits = (headers: Headers, nowMs: number): readonly RateLimit[] =>
  ['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((name) =>
    limit(
      name === 'requests' ? 'requests' : 'tokens',
      headers.get(`anthropic-ratelimit-${name}-remaining`),
      untilDateMs(headers.get(`anthropic-ratelimit-${name}-reset`), nowMs),
    ),
  );

const limit = (
  what: RateLimit['what'],
  remaining: string | null,
  resetInMs: number | undefined,
): readonly RateLimit[] => (resetInMs === undefined ? [] : [{ what, left: amount(remaining), resetInMs }]);
