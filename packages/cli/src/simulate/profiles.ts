import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '@spillway/core';
import { z } from 'zod';
import { firstMistakes } from './first-mistakes.ts';

const positive = z.number().positive().max(1_000_000);

const profileSchema = z.strictObject({
  /** A step lasts base + per_sequence x sequences + per_prefill_token x prompt tokens, in ms. */
  base_ms: positive.optional(),
  per_sequence_ms: z.number().min(0).max(1_000_000).optional(),
  per_prefill_token_ms: positive.optional(),
  /** Sequences the engine runs at once. */
  max_sequences: z.int().min(1).max(4096).optional(),
  kv_capacity_tokens: z.int().min(256).max(1_000_000_000).optional(),
  /** Of the card's full power. */
  power_limit_percent: z.number().min(40).max(100).optional(),
  /** Of a cloud backend, in ms. */
  first_token_ms: z
    .strictObject({ p50: positive, p95: positive })
    .refine(({ p50, p95 }) => p95 >= p50, { path: ['p95'], error: 'must not be below p50' })
    .optional(),
  per_token_ms: positive.optional(),
});

/** What a configuration does not know of a backend, and a simulation asks; by the backend's name. */
const profilesSchema = z.record(z.string(), profileSchema);
export type Profiles = z.infer<typeof profilesSchema>;
export type Profile = z.infer<typeof profileSchema>;

/** Reads a file of profiles; fails with its first mistakes at once. */
export function readProfiles(path: string): Result<Profiles, string> {
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return err(`${path} ${error instanceof SyntaxError ? 'is no JSON' : 'cannot be read'}`);
  }
  const parsed = profilesSchema.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  return err(`${path} is not usable\n${firstMistakes(z.prettifyError(parsed.error))}`);
}
