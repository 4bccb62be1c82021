import { jobIdSchema } from '@spillway/contracts';
import { isJsonObject, type JsonObject, type LineOutcome } from '@spillway/core';
import { z } from 'zod';

/** An outcome as a line of a part file and of the journal, without its line end. */
export const encodeOutcome = (outcome: LineOutcome): string => JSON.stringify(outcome);

/** Throws on a text that is no outcome: we wrote it, so it is damaged. Fields added later by a newer version are left out. */
export function decodeOutcome(text: string): LineOutcome {
  return outcomeSchema.parse(JSON.parse(text));
}

const count = z.int().min(0);

/** What was used, as stored data holds it. */
export const storedUsageSchema = z.object({
  inputTokens: count,
  cachedInputTokens: count,
  outputTokens: count,
  costMicroUsd: count,
  energyJoules: z.number().exactOptional(),
});

const outcomeSchema = z
  .object({
    line: count,
    customId: z.string(),
    outcome: z.enum(['completed', 'failed', 'cancelled', 'expired']),
    jobId: jobIdSchema.optional(),
    statusCode: z.int().optional(),
    body: z.custom<JsonObject>(isJsonObject).optional(),
    error: z.object({ code: z.string(), detail: z.string() }).optional(),
    usage: storedUsageSchema.optional(),
    servedBy: z
      .object({
        backend: z.string(),
        location: z.enum(['local', 'cloud']),
        model: z.string(),
        simulated: z.boolean(),
      })
      .optional(),
    attempts: count,
    why: z.string().optional(),
    endedAtMs: z.number(),
    tookMs: z.number().optional(),
    document: z
      .object({
        name: z.string(),
        sha256: z.string(),
        pages: count.optional(),
        chunks: count,
        output: z.unknown(),
      })
      .optional(),
  })
  // JSON leaves out what is undefined; an outcome has every field.
  .transform((stored): LineOutcome => ({
    line: stored.line,
    customId: stored.customId,
    outcome: stored.outcome,
    jobId: stored.jobId,
    statusCode: stored.statusCode,
    body: stored.body,
    error: stored.error,
    usage: stored.usage,
    servedBy: stored.servedBy,
    attempts: stored.attempts,
    why: stored.why,
    endedAtMs: stored.endedAtMs,
    tookMs: stored.tookMs,
    document:
      stored.document === undefined
        ? undefined
        : { ...stored.document, pages: stored.document.pages, output: stored.document.output ?? null },
  }));
