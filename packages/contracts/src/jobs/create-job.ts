import { ENDPOINTS, JOB_CLASSES } from '@spillway/core';
import { z } from 'zod';
import { metadataSchema } from '../metadata.ts';
import { webhookTargetSchema } from '../webhooks/target.ts';

export const STRATEGIES = ['auto', 'self_hosted_only', 'cloud_only'] as const;
export type Strategy = (typeof STRATEGIES)[number];

export const PRIVACY_CHOICES = ['auto', 'public', 'local_only'] as const;
export type PrivacyChoice = (typeof PRIVACY_CHOICES)[number];

/** The options of a job that do not depend on what it asks; a document batch takes them for all its documents. */
export const jobOptions = {
  class: z.enum(JOB_CLASSES),
  start_within_seconds: z.int().positive().max(604_800),
  deadline_seconds: z.int().positive().max(604_800),
  attempt_timeout_seconds: z.int().positive().max(86_400),
  retain_seconds: z.int().positive().max(2_592_000),
  strategy: z.enum(STRATEGIES),
  privacy: z.enum(PRIVACY_CHOICES),
} as const;

/**
 * A job as a client submits it. Our own fields are strict: an unknown one is refused with its path. `request` is the
 * OpenAI-shaped body and passes through untouched, except that `model` is resolved and `stream` is not used.
 */
export const createJobRequestSchema = z
  .strictObject({
    endpoint: z.enum(ENDPOINTS).default('/v1/chat/completions'),
    request: z.looseObject({ model: z.string().min(1).max(256) }),
    class: jobOptions.class.default('standard'),
    start_within_seconds: jobOptions.start_within_seconds.optional(),
    deadline_seconds: jobOptions.deadline_seconds.optional(),
    attempt_timeout_seconds: jobOptions.attempt_timeout_seconds.optional(),
    retain_seconds: jobOptions.retain_seconds.optional(),
    strategy: jobOptions.strategy.default('auto'),
    privacy: jobOptions.privacy.default('auto'),
    webhook: webhookTargetSchema.optional(),
    metadata: metadataSchema.optional(),
  })
  .meta({ id: 'CreateJobRequest' });
export type CreateJobRequest = z.infer<typeof createJobRequestSchema>;
/** What a client may leave out is optional here. */
export type CreateJobInput = z.input<typeof createJobRequestSchema>;
