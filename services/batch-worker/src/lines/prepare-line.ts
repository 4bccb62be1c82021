import { prepareJob } from '@spillway/admission';
import { parseLine } from '@spillway/batches';
import { PRIVACY_CHOICES, ROUTING_STRATEGIES, type LineOutcome } from '@spillway/core';
import type { BatchRecord, LeasedBatch, LineJob } from '@spillway/redis';
import { z } from 'zod';
import type { TurnDeps } from '../turns/turn.ts';
import { failedLine } from './failed-line.ts';

/** What a batch says about all its lines. */
const lineOptionsSchema = z.object({
  strategy: z.enum(ROUTING_STRATEGIES).default('auto'),
  privacy: z.enum(PRIVACY_CHOICES).default('auto'),
  attempt_timeout_seconds: z.int().positive().optional(),
});

export type LineOptions = z.infer<typeof lineOptionsSchema>;

/** Throws on options the API did not write. */
export const lineOptionsOf = ({ description }: Pick<BatchRecord, 'description'>): LineOptions =>
  lineOptionsSchema.parse(description.options);

/** A job of a batch is forgotten when its outcome stands in a part file; this is only for one whose batch got lost. */
const RETAIN_MS = 30 * 86_400_000;

/** The job that a line becomes, or how it failed: the configuration may have changed since the input was validated. */
export function prepareLine(
  { config, newJobId }: Pick<TurnDeps, 'config' | 'newJobId'>,
  { record, nowMs }: Pick<LeasedBatch, 'record' | 'nowMs'>,
  options: LineOptions,
  line: number,
  text: string,
): LineJob | LineOutcome {
  const { face } = record.description;
  const parsed = parseLine(face === 'anthropic' ? 'anthropic' : 'openai', text);
  if (!parsed.ok) return failedLine(line, parsed.error.customId ?? '', parsed.error, nowMs);
  const { customId, endpoint, request } = parsed.value;
  const { model } = request;
  if (typeof model !== 'string') {
    return failedLine(line, customId, { code: 'invalid-request', detail: 'model must be a text' }, nowMs);
  }
  const prepared = prepareJob(
    { endpoint, request: { ...request, model }, class: 'batch', ...options },
    newJobId(),
    record.tenantId,
    config(),
  );
  if (!prepared.ok) return failedLine(line, customId, prepared.error, nowMs);
  const job = {
    ...prepared.value,
    // Exactly when the batch expires, and not a moment earlier.
    deadlineMs: Math.max(1, record.expiresAtMs - nowMs),
    retainMs: RETAIN_MS,
    description: { ...prepared.value.description, customId },
  };
  return { line, step: undefined, job };
}
