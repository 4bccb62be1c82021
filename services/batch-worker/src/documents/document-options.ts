import { type StoredDocumentOptions, storedDocumentOptionsSchema } from '@spillway/contracts';
import type { BatchRecord } from '@spillway/redis';

/** What a document batch says about all its documents. */
export type DocumentOptions = Omit<StoredDocumentOptions, 'documents'>;

/** Throws on options the API did not write. */
export const documentOptionsOf = ({ description }: Pick<BatchRecord, 'description'>): DocumentOptions =>
  storedDocumentOptionsSchema.parse(description.options);
