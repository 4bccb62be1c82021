import { ENDPOINTS, JOB_CLASSES, PRIVACY_CHOICES, ROUTING_STRATEGIES } from '@spillway/core';
import { z } from 'zod';
import { metadataSchema } from '../metadata.ts';
import { webhookTargetSchema } from '../webhooks/target.ts';

/** What a job may be told beside its request and its hurry; a document batch takes it for all its documents. */
export const jobOptions = {
  start_within_seconds: z.int().positive().max(604_800).optional(),
  deadline_seconds: z.int().positive().max(604_800).optional(),
  attempt_timeout_seconds: z.int().positive().max(86_400).optional(),
  retain_seconds: z.int().positive().max(2_592_000).optional(),
  strategy: z.enum(ROUTING_STRATEGIES).default('auto'),
  privacy: z.enum(PRIVACY_CHOICES).default('auto'),
  task: z
    .string()
    .regex(/^[a-z0-9_-]{1,32}$/, { error: 'a label of 1 to 32 characters: a to z, 0 to 9, _ and -' })
    .optional()
    .meta({ description: 'your name for this kind of work: the length of its answers is learned by it' }),
  min_quality: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta({ description: 'models that the configuration rates lower may not serve it' }),
  max_cost_usd: z
    .number()
    .min(0)
    .max(1_000_000)
    .optional()
    .meta({ description: 'clouds that would probably cost more may not serve it' }),
  webhook: webhookTargetSchema.optional(),
  metadata: metadataSchema.optional(),
} as const;

/**
 * A job as a client submits it. Our own fields are strict: an unknown one is refused with its path. `request` is the
 * OpenAI-shaped body and passes through untouched, except that `model` is resolved and `stream` is not used.
 */
export const createJobRequestSchema = z
  .strictObject({
    endpoint: z.enum(ENDPOINTS).default('/v1/chat/completions'),
    request: z.looseObject({ model: z.string().min(1).max(256) }),
    class: z.enum(JOB_CLASSES).default('standard'),
    ...jobOptions,
  })
  .meta({ id: 'CreateJobRequest' });
export type CreateJobRequest = z.infer<typeof createJobRequestSchema>;
/** What a client may leave out is optional here. */
export type CreateJobInput = z.input<typeof createJobRequestSchema>;
