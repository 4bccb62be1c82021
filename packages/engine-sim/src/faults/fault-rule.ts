import { z } from 'zod';

/** Faults every face can play. */
const COMMON_FAULTS = [
  'error-500',
  'unavailable-503',
  'hang',
  'drop',
  'drop-mid-answer',
  'slow',
  'broken-json',
] as const;
export const ENGINE_FAULTS = [...COMMON_FAULTS, 'unhealthy'] as const;
export const PROVIDER_FAULTS = [
  ...COMMON_FAULTS,
  'rate-limit-429',
  'overloaded-529',
  'insufficient-quota',
  'unauthorized-401',
] as const;
export type FaultKind = (typeof ENGINE_FAULTS)[number] | (typeof PROVIDER_FAULTS)[number];

/** One order for trouble, as it comes in on `POST /_sim/faults`. */
export interface FaultRule {
  readonly kind: FaultKind;
  /** Only requests whose prompt contains this; without it, every request. */
  readonly match?: string | undefined;
  /** Only this face of a provider server. */
  readonly face?: 'openai' | 'anthropic' | undefined;
  /** How often the rule is played; without it, until the rules are replaced. */
  readonly times?: number | undefined;
  /** Of `slow`: real milliseconds before the request is worked on. */
  readonly delay_ms: number;
  /** Of `rate-limit-429`: what `retry-after` says. */
  readonly retry_after_seconds: number;
}

/** The body of `POST /_sim/faults`: strict, so that a misspelt rule is refused and not ignored. */
export const faultRulesBody = (
  kinds: readonly [FaultKind, ...FaultKind[]],
): z.ZodType<{ rules: FaultRule[] }> =>
  z.strictObject({
    rules: z.array(
      z.strictObject({
        kind: z.enum(kinds),
        match: z.string().optional(),
        face: z.enum(['openai', 'anthropic']).optional(),
        times: z.int().positive().optional(),
        delay_ms: z.int().min(0).max(600_000).default(5_000),
        retry_after_seconds: z.int().min(0).max(86_400).default(1),
      }),
    ),
  });
