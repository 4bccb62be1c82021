import { BATCH_STATUSES, JOB_CLASSES } from '@spillway/core';
import { z } from 'zod';
import { batchIdSchema, fileIdSchema } from '../ids.ts';
import { servedBySchema, usageSchema } from '../jobs/job.ts';
import { jobOptions } from '../jobs/create-job.ts';
import { metadataSchema } from '../metadata.ts';

/** The `options` part of the multipart body, as JSON; the files come as parts named `documents[]`. */
export const createDocumentBatchOptionsSchema = z
  .strictObject({
    /** What to do with each document. With `{{document}}` it is the whole prompt, `{{filename}}` the document's name. */
    instruction: z.string().min(1).max(20_000),
    /** JSON Schema that each answer is to follow; how deep it goes is looked at by who compiles it, without recursion. */
    schema: z.record(z.string(), z.unknown()).optional(),
    /** Uploaded files instead of parts of the form. */
    file_ids: z.array(z.string().min(1).max(64)).min(1).max(10_000).optional(),
    model: z.string().min(1).max(256).default('auto'),
    max_output_tokens: z.int().positive().max(100_000).default(512),
    class: z.enum(JOB_CLASSES).default('batch'),
    /** How long the batch may take: `24h`, `90m`, `2d`. What has not ended by then expires. */
    completion_window: z.string().default('24h'),
    strategy: jobOptions.strategy,
    privacy: jobOptions.privacy,
    attempt_timeout_seconds: jobOptions.attempt_timeout_seconds,
    retain_seconds: jobOptions.retain_seconds,
    webhook: jobOptions.webhook,
    metadata: jobOptions.metadata,
  })
  .meta({ id: 'CreateDocumentBatchOptions' });
export type CreateDocumentBatchOptions = z.infer<typeof createDocumentBatchOptionsSchema>;
export type CreateDocumentBatchInput = z.input<typeof createDocumentBatchOptionsSchema>;

export const documentBatchSchema = z
  .strictObject({
    id: batchIdSchema,
    object: z.literal('document_batch'),
    status: z.enum(BATCH_STATUSES),
    paused: z.boolean(),
    model: z.string(),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
    completed_at: z.iso.datetime().nullable().meta({ description: 'when it ended, however it did' }),
    estimated_finish_at: z.iso.datetime().nullable(),
    documents_per_second: z.number().nullable().meta({ description: 'that ended of late' }),
    document_counts: z.strictObject({
      total: z.int(),
      completed: z.int(),
      failed: z.int(),
      cancelled: z.int(),
      expired: z.int(),
    }),
    usage: usageSchema,
    metadata: metadataSchema.nullable(),
    output_file_id: fileIdSchema.nullable().meta({ description: 'every result, once the batch has ended' }),
    retry_of: batchIdSchema.nullable().meta({ description: 'the batch whose failed documents these are' }),
    status_url: z.string(),
    results_url: z.string(),
    events_url: z.string(),
    cancel_url: z.string(),
  })
  .meta({ id: 'DocumentBatch' });
export type DocumentBatchBody = z.infer<typeof documentBatchSchema>;

export const documentBatchListSchema = z
  .strictObject({
    object: z.literal('list'),
    data: z.array(documentBatchSchema),
    first_id: batchIdSchema.nullable(),
    last_id: batchIdSchema.nullable(),
    has_more: z.boolean(),
  })
  .meta({ id: 'DocumentBatchList' });
export type DocumentBatchListBody = z.infer<typeof documentBatchListSchema>;

/** One line of a batch's results: one document, in the order in which they ended. */
export const documentResultSchema = z
  .strictObject({
    index: z.int().meta({ description: 'which of the documents as they were sent, from 0' }),
    document: z.string(),
    sha256: z.string(),
    pages: z.int().nullable(),
    chunks: z.int().meta({ description: 'parts it was read in; 0 when it was not read' }),
    status: z.enum(['completed', 'failed', 'cancelled', 'expired']),
    output: z.json().meta({
      // Said by hand: JSON holds JSON without an end.
      type: ['string', 'number', 'boolean', 'object', 'array', 'null'],
      description: 'text, or JSON where a schema was given; null without an answer',
    }),
    usage: usageSchema.nullable(),
    served_by: servedBySchema.nullable(),
    why: z.string().nullable().meta({ description: 'where it ran and why, in a few words' }),
    seconds: z.number().nullable().meta({ description: 'from its way into the lanes to its end' }),
    error: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'DocumentResult' });
export type DocumentResult = z.infer<typeof documentResultSchema>;

/** The same line as it is read from the API, also while the batch runs: with its place in that order. */
export const seenDocumentResultSchema = documentResultSchema
  .extend({ seq: z.int().meta({ description: 'from 0; to go on behind this line, ask with `after`' }) })
  .meta({ id: 'SeenDocumentResult' });
export type SeenDocumentResult = z.infer<typeof seenDocumentResultSchema>;
