import { z } from 'zod';
import { createDocumentBatchOptionsSchema } from './document-batch.ts';

/** What a document batch keeps of its options, beside what every batch has. Stored: add to it, change nothing. */
export const storedDocumentOptionsSchema = createDocumentBatchOptionsSchema
  .pick({
    instruction: true,
    schema: true,
    model: true,
    max_output_tokens: true,
    class: true,
    strategy: true,
    privacy: true,
    attempt_timeout_seconds: true,
  })
  .extend({
    /** How many there are. */
    documents: z.int(),
  });
export type StoredDocumentOptions = z.infer<typeof storedDocumentOptionsSchema>;

/** One line of the input of a document batch: one document, in the order they were sent. */
export const manifestLineSchema = z.strictObject({
  /** Of its own, which two documents of the same name need: their place in the order. */
  custom_id: z.string(),
  /** Its name, as it comes back with the result. */
  document: z.string(),
  /** Where its bytes stand in the blob store, under the tenant. */
  path: z.string(),
  sha256: z.string(),
  bytes: z.int(),
});
export type ManifestLine = z.infer<typeof manifestLineSchema>;
