import { z } from 'zod';

const instant = z.iso.datetime();
const MESSAGE_BATCH_ID = /^msgbatch_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

const messageBatchIdSchema = z
  .string()
  .regex(MESSAGE_BATCH_ID, { error: 'not the id of a message batch' })
  .meta({ type: 'string', example: 'msgbatch_01kb3v6x8ezq4r0m5t7w9y2a4c' });

/** For the description alone: the body is read as a stream, however long it is. */
export const createMessageBatchRequestSchema = z
  .strictObject({
    requests: z
      .array(
        z.strictObject({
          custom_id: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
          /** Of `POST /v1/messages`, without streaming; looked at once the batch runs. */
          params: z.looseObject({}),
        }),
      )
      .min(1),
  })
  .meta({ id: 'CreateMessageBatchRequest' });

export const messageBatchSchema = z
  .strictObject({
    id: messageBatchIdSchema,
    type: z.literal('message_batch'),
    processing_status: z.enum(['in_progress', 'canceling', 'ended']),
    /** All in `processing` until the whole batch has ended. */
    request_counts: z.strictObject({
      processing: z.int(),
      succeeded: z.int(),
      errored: z.int(),
      canceled: z.int(),
      expired: z.int(),
    }),
    created_at: instant,
    expires_at: instant,
    ended_at: instant.nullable(),
    cancel_initiated_at: instant.nullable(),
    archived_at: z.null(),
    results_url: z.string().nullable(),
  })
  .meta({ id: 'MessageBatch', description: "A message batch as Anthropic's API has it." });
export type MessageBatchBody = z.infer<typeof messageBatchSchema>;

export const messageBatchListSchema = z
  .strictObject({
    data: z.array(messageBatchSchema),
    has_more: z.boolean(),
    first_id: messageBatchIdSchema.nullable(),
    last_id: messageBatchIdSchema.nullable(),
  })
  .meta({ id: 'MessageBatchList' });
export type MessageBatchListBody = z.infer<typeof messageBatchListSchema>;

const MOST_BATCHES = 1000;

export const listMessageBatchesQuerySchema = z
  .strictObject({
    limit: z
      .string()
      .regex(/^\d{1,4}$/, { error: `1 to ${MOST_BATCHES}` })
      .transform(Number)
      .pipe(z.int().min(1).max(MOST_BATCHES))
      .meta({ type: 'integer', minimum: 1, maximum: MOST_BATCHES })
      .default(20),
    after_id: messageBatchIdSchema.optional().meta({ description: 'older than this one' }),
    before_id: messageBatchIdSchema.optional().meta({ description: 'newer than this one' }),
  })
  .refine(({ after_id, before_id }) => after_id === undefined || before_id === undefined, {
    path: ['before_id'],
    error: 'not together with after_id',
  });

export const messageBatchDeletedSchema = z
  .strictObject({ id: messageBatchIdSchema, type: z.literal('message_batch_deleted') })
  .meta({ id: 'MessageBatchDeleted' });

/** One line of a message batch's results. */
export const messageBatchResultSchema = z
  .strictObject({
    custom_id: z.string(),
    result: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('succeeded'), message: z.looseObject({}) }),
      z.strictObject({
        type: z.literal('errored'),
        error: z.looseObject({
          type: z.literal('error'),
          error: z.looseObject({ type: z.string(), message: z.string() }),
        }),
      }),
      z.strictObject({ type: z.literal('canceled') }),
      z.strictObject({ type: z.literal('expired') }),
    ]),
  })
  .meta({ id: 'MessageBatchResult' });
