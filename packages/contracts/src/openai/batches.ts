import { BATCH_STATUSES } from '@spillway/core';
import { z } from 'zod';
import { batchIdSchema, fileIdSchema } from '../ids.ts';
import { jobOptions } from '../jobs/create-job.ts';
import { metadataSchema } from '../metadata.ts';
import { webhookTargetSchema } from '../webhooks/target.ts';
import { expiresAfterSchema } from './files.ts';

/** The endpoints that the lines of an OpenAI batch may name. */
export const BATCH_ENDPOINTS = [
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/embeddings',
  '/v1/responses',
] as const;
export type BatchEndpoint = (typeof BATCH_ENDPOINTS)[number];

export const createBatchRequestSchema = z
  .strictObject({
    /** An uploaded file of purpose `batch`. */
    input_file_id: z.string().min(1).max(64),
    /** Of every line. */
    endpoint: z.enum(BATCH_ENDPOINTS, { error: `use one of ${BATCH_ENDPOINTS.join(', ')}` }),
    /** `24h`, and beyond OpenAI's own any `Nm`, `Nh` or `Nd` from 1 minute to 14 days. */
    completion_window: z.string().max(16),
    metadata: metadataSchema.nullish(),
    /** Of the result files, counted from their creation. */
    output_expires_after: expiresAfterSchema.optional(),
    webhook: webhookTargetSchema.optional(),
    strategy: jobOptions.strategy,
    privacy: jobOptions.privacy,
    attempt_timeout_seconds: jobOptions.attempt_timeout_seconds,
  })
  .meta({ id: 'CreateBatchRequest' });
export type CreateBatchRequest = z.infer<typeof createBatchRequestSchema>;

const unixSeconds = z.int();
const reachedAt = unixSeconds.nullable().meta({ description: 'unix seconds; null until reached' });

const batchUsageSchema = z
  .strictObject({
    input_tokens: z.int(),
    input_tokens_details: z.strictObject({ cached_tokens: z.int() }),
    output_tokens: z.int(),
    output_tokens_details: z.strictObject({ reasoning_tokens: z.int() }),
    total_tokens: z.int(),
  })
  .meta({ id: 'OpenAIBatchUsage' });

const batchErrorsSchema = z
  .strictObject({
    object: z.literal('list'),
    data: z.array(
      z.strictObject({
        code: z.string(),
        message: z.string(),
        param: z.string().nullable(),
        line: z.int().nullable(),
      }),
    ),
  })
  .meta({ id: 'OpenAIBatchErrors' });

export const batchObjectSchema = z
  .strictObject({
    id: batchIdSchema,
    object: z.literal('batch'),
    endpoint: z.string(),
    model: z.string().nullable().meta({ description: 'when all lines ask for the same one' }),
    errors: batchErrorsSchema.nullable().meta({ description: 'why the input was refused' }),
    input_file_id: fileIdSchema,
    completion_window: z.string(),
    status: z.enum(BATCH_STATUSES),
    output_file_id: fileIdSchema.nullable(),
    error_file_id: fileIdSchema.nullable(),
    created_at: unixSeconds,
    in_progress_at: reachedAt,
    expires_at: unixSeconds,
    finalizing_at: reachedAt,
    completed_at: reachedAt,
    failed_at: reachedAt,
    expired_at: reachedAt,
    cancelling_at: reachedAt,
    cancelled_at: reachedAt,
    request_counts: z.strictObject({
      total: z.int(),
      completed: z.int(),
      failed: z.int().meta({ description: 'cancelled and expired ones too: the lines of the error file' }),
    }),
    usage: batchUsageSchema,
    metadata: metadataSchema.nullable(),
    paused: z.boolean(),
    lines_per_second: z.number().nullable().meta({ description: 'that ended of late' }),
    estimated_finish_at: unixSeconds.nullable(),
    retry_of: batchIdSchema.nullable().meta({ description: 'the batch whose failed lines these are' }),
  })
  .meta({ id: 'OpenAIBatch', description: 'A batch; times are unix seconds.' });
export type BatchObject = z.infer<typeof batchObjectSchema>;

export const batchListSchema = z
  .strictObject({
    object: z.literal('list'),
    data: z.array(batchObjectSchema),
    first_id: batchIdSchema.nullable(),
    last_id: batchIdSchema.nullable(),
    has_more: z.boolean(),
  })
  .meta({ id: 'OpenAIBatchList' });
export type BatchListBody = z.infer<typeof batchListSchema>;

const MOST_BATCHES = 100;
const pageSizeSchema = z
  .string()
  .regex(/^\d{1,3}$/, { error: `1 to ${MOST_BATCHES}` })
  .transform(Number)
  .pipe(z.int().min(1).max(MOST_BATCHES))
  .meta({ type: 'integer', minimum: 1, maximum: MOST_BATCHES })
  .default(20);

/** Newest first; of document batches too. */
export const listBatchesQuerySchema = z.strictObject({
  limit: pageSizeSchema,
  after: batchIdSchema.optional().meta({ description: 'the last batch of the page before' }),
});

/** One line of a batch's results: a line of its output or error file, and its place in the order they ended. */
export const batchResultSchema = z
  .strictObject({
    id: z.string(),
    custom_id: z.string(),
    response: z
      .strictObject({ status_code: z.int(), request_id: z.string(), body: z.looseObject({}) })
      .nullable(),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    seq: z.int().meta({ description: 'from 0, in the order in which they ended' }),
  })
  .meta({ id: 'BatchResult' });
