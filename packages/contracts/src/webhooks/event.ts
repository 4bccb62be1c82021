import { z } from 'zod';
import { eventIdSchema } from '../ids.ts';

export const EVENT_TYPES = [
  'job.completed',
  'job.failed',
  'job.cancelled',
  'job.expired',
  'batch.in_progress',
  'batch.completed',
  'batch.failed',
  'batch.expired',
  'batch.cancelled',
  'document_batch.in_progress',
  'document_batch.completed',
  'document_batch.failed',
  'document_batch.expired',
  'document_batch.cancelled',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/**
 * The body of a webhook: OpenAI's event envelope, which their SDKs unwrap unchanged, and the `timestamp` that
 * Standard Webhooks asks for beside it. Thin on purpose: fetch the job or batch for the rest.
 */
export const webhookEventSchema = z
  .strictObject({
    id: eventIdSchema,
    object: z.literal('event'),
    type: z.enum(EVENT_TYPES),
    created_at: z.int(),
    timestamp: z.iso.datetime(),
    data: z.looseObject({ id: z.string(), status: z.string() }),
  })
  .meta({ id: 'WebhookEvent' });
export type WebhookEvent = z.infer<typeof webhookEventSchema>;
