import { createDocumentBatchOptionsSchema } from '@spillway/contracts';
import type { BatchRecord } from '@spillway/redis';
import { z } from 'zod';

const { shape } = createDocumentBatchOptionsSchema;

/** What a document batch says about all its documents; whatever else stands beside it is not for the batch-worker. */
const optionsSchema = z.object({
  instruction: shape.instruction,
  schema: shape.schema,
  model: shape.model,
  max_output_tokens: shape.max_output_tokens,
  class: shape.class,
  strategy: shape.strategy,
  privacy: shape.privacy,
  attempt_timeout_seconds: shape.attempt_timeout_seconds,
});
export type DocumentOptions = z.infer<typeof optionsSchema>;

/** Throws on options the API did not write. */
export const documentOptionsOf = ({ description }: Pick<BatchRecord, 'description'>): DocumentOptions =>
  optionsSchema.parse(description.options);
