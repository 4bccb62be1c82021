import type { CreateDocumentBatchInput } from '@spillway/contracts';
import { digest } from './digest.ts';
import { readDocument, type ReadDocument } from './read-document.ts';
import type { DocumentKey, InFlightBatch } from './state-file.ts';

/** The idempotency key of a batch: the same for the same documents, options and round, and only then. */
export const batchKey = (
  input: CreateDocumentBatchInput,
  round: number,
  documents: readonly DocumentKey[],
): string => `process-${digest([input, round, documents.map(({ path, sha256 }) => [path, sha256])])}`;

/**
 * The documents of a batch whose submission was not answered, when it can be sent again under the same key:
 * `undefined` when a document or an option has changed since.
 */
export async function readUnanswered(
  batch: InFlightBatch,
  input: CreateDocumentBatchInput,
  root: string,
): Promise<readonly ReadDocument[] | undefined> {
  const documents: ReadDocument[] = [];
  for (const { path } of batch.documents) {
    const document = await readDocument(root, path);
    if (document.kind === 'unreadable') return undefined;
    documents.push(document);
  }
  return batchKey(input, batch.round, documents) === batch.key ? documents : undefined;
}
