import { ENDPOINTS, JOB_CLASSES } from '@spillway/core';
import { z } from 'zod';
import { batchIdSchema, jobIdSchema } from '../ids.ts';
import { metadataSchema } from '../metadata.ts';

/** `dispatched` is not on the wire: until a worker claims it, a job is queued. */
export const JOB_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled', 'expired'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

const instant = z.iso.datetime();

export const usageSchema = z
  .strictObject({
    input_tokens: z.int(),
    cached_input_tokens: z.int(),
    output_tokens: z.int(),
    cost_usd: z.number(),
    energy_joules: z.number().nullable(),
  })
  .meta({ id: 'Usage' });
export type UsageBody = z.infer<typeof usageSchema>;

export const servedBySchema = z
  .strictObject({
    backend: z.string(),
    location: z.enum(['local', 'cloud']),
    model: z.string(),
    simulated: z.boolean(),
  })
  .meta({ id: 'ServedBy' });

export const attemptSchema = z
  .strictObject({
    number: z.int(),
    backend: z.string(),
    started_at: instant,
    finished_at: instant.nullable(),
    outcome: z.enum(['running', 'completed', 'failed', 'cancelled', 'expired', 'worker_lost']),
    error: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'Attempt' });
export type AttemptBody = z.infer<typeof attemptSchema>;

export const jobSchema = z
  .strictObject({
    id: jobIdSchema,
    object: z.literal('job'),
    status: z.enum(JOB_STATUSES),
    endpoint: z.enum(ENDPOINTS),
    model: z.string(),
    class: z.enum(JOB_CLASSES),
    privacy: z.strictObject({
      pinned: z.boolean().meta({ description: 'true: only local backends may run this job' }),
      findings: z.array(z.string()).meta({ description: 'kinds of personal data found, never the data' }),
    }),
    batch_id: batchIdSchema.nullable(),
    metadata: metadataSchema.nullable(),
    created_at: instant,
    deadline_at: instant,
    started_at: instant.nullable(),
    finished_at: instant.nullable(),
    queue_position: z.int().nullable().meta({ description: '1 is next; null when not queued' }),
    estimated_finish_at: instant.nullable().meta({
      description: 'the scheduler’s prediction; null when nobody can tell, and for a job that has ended',
    }),
    attempts: z.array(attemptSchema),
    served_by: servedBySchema.nullable(),
    result: z.strictObject({ status_code: z.int(), body: z.looseObject({}) }).nullable(),
    usage: usageSchema.nullable(),
    error: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
    status_url: z.string(),
    cancel_url: z.string(),
    decisions_url: z.string(),
  })
  .meta({ id: 'Job' });
export type JobBody = z.infer<typeof jobSchema>;

export const listJobsQuerySchema = z.strictObject({
  status: z.enum(JOB_STATUSES).optional(),
  class: z.enum(JOB_CLASSES).optional(),
  batch_id: batchIdSchema.optional(),
  after: jobIdSchema.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type ListJobsQuery = z.infer<typeof listJobsQuerySchema>;

export const jobListSchema = z
  .strictObject({
    object: z.literal('list'),
    data: z.array(jobSchema),
    first_id: jobIdSchema.nullable(),
    last_id: jobIdSchema.nullable(),
    has_more: z.boolean(),
  })
  .meta({ id: 'JobList' });
export type JobListBody = z.infer<typeof jobListSchema>;
