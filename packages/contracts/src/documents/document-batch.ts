import { JOB_CLASSES } from '@spillway/core';
import { z } from 'zod';
import { batchIdSchema, jobIdSchema } from '../ids.ts';
import { servedBySchema, usageSchema } from '../jobs/job.ts';
import { jobOptions } from '../jobs/create-job.ts';
import { metadataSchema } from '../metadata.ts';

/** The `options` part of the multipart body, as JSON; the files come as parts named `documents[]`. */
export const createDocumentBatchOptionsSchema = z
  .strictObject({
    instruction: z.string().min(1).max(20_000),
    model: z.string().min(1).max(256).default('auto'),
    max_output_tokens: z.int().positive().max(100_000).default(512),
    class: z.enum(JOB_CLASSES).default('batch'),
    ...jobOptions,
  })
  .meta({ id: 'CreateDocumentBatchOptions' });
export type CreateDocumentBatchOptions = z.infer<typeof createDocumentBatchOptionsSchema>;
export type CreateDocumentBatchInput = z.input<typeof createDocumentBatchOptionsSchema>;

export const documentBatchSchema = z
  .strictObject({
    id: batchIdSchema,
    object: z.literal('document_batch'),
    status: z.enum(['in_progress', 'completed']),
    model: z.string(),
    created_at: z.iso.datetime(),
    completed_at: z.iso.datetime().nullable(),
    document_counts: z.strictObject({
      total: z.int(),
      completed: z.int(),
      failed: z.int(),
      cancelled: z.int(),
      expired: z.int(),
    }),
    metadata: metadataSchema.nullable(),
    status_url: z.string(),
    results_url: z.string(),
  })
  .meta({ id: 'DocumentBatch' });
export type DocumentBatchBody = z.infer<typeof documentBatchSchema>;

/** One line of a batch's results: one document, in the order they were sent. */
export const documentResultSchema = z
  .strictObject({
    document: z.string(),
    sha256: z.string(),
    job_id: jobIdSchema.nullable(),
    status: z.enum(['completed', 'failed', 'cancelled', 'expired']),
    output: z.string().nullable(),
    usage: usageSchema.nullable(),
    served_by: servedBySchema.nullable(),
    why: z.string().nullable().meta({ description: 'where it ran and why, in a few words' }),
    seconds: z.number().nullable().meta({ description: 'from submission to end' }),
    error: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'DocumentResult' });
export type DocumentResult = z.infer<typeof documentResultSchema>;
