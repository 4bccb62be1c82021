import {
  documentBatchSchema,
  documentResultSchema,
  type CreateDocumentBatchInput,
  type DocumentBatchBody,
  type DocumentResult,
} from '@spillway/contracts';
import type { BatchId } from '@spillway/core';
import { encodeMultipart } from './encode-multipart.ts';
import type { CallOptions, GetOptions, PollOptions } from './jobs.ts';
import { pollOnce, type Polled } from './polled.ts';
import { readAnswer } from './read-answer.ts';
import { readLines } from './read-lines.ts';
import type { Transport } from './transport.ts';
import { watch } from './watch.ts';

/** One file to send: `name` comes back as `document` in its result. */
export interface DocumentUpload {
  readonly name: string;
  readonly content: string | Uint8Array<ArrayBuffer> | Blob;
  readonly type?: string;
}

export interface CreateBatchOptions extends CallOptions {
  readonly idempotencyKey?: string | undefined;
}

export interface ResultsOptions extends CallOptions {
  /** Only results after this index, as the platform counts. */
  readonly after?: number | undefined;
}

export interface DocumentBatchesClient {
  /** Sends documents with one instruction. Retried only with an idempotency key. */
  create(
    input: CreateDocumentBatchInput,
    documents: readonly DocumentUpload[],
    options?: CreateBatchOptions,
  ): Promise<DocumentBatchBody>;
  get(id: BatchId, options?: GetOptions): Promise<DocumentBatchBody>;
  poll(id: BatchId, options?: PollOptions): Promise<Polled<DocumentBatchBody>>;
  /** The batch at first and after every change of its counts, until it is completed. */
  changes(id: BatchId, options?: CallOptions): AsyncGenerator<DocumentBatchBody, void, undefined>;
  /** The documents that have an outcome so far, line by line as they arrive. */
  results(id: BatchId, options?: ResultsOptions): AsyncGenerator<DocumentResult, void, undefined>;
}

/** An answer of 100,000 tokens is about 0.5 MB; this leaves room for any alphabet and JSON's escapes. */
const MAX_LINE_BYTES = 8_388_608;
const IDLE_MS = 60_000;
/** Counts change with every document: looking more often costs more than it tells. */
const SPACING_MS = 1000;

/** The calls about document batches over a transport. */
export function createDocumentBatchesClient(transport: Transport): DocumentBatchesClient {
  const poll: DocumentBatchesClient['poll'] = (id, options) =>
    pollOnce(transport, pathOf(id), documentBatchSchema, options);
  return {
    poll,
    create: async (input, documents, { idempotencyKey, signal } = {}) => {
      const { body, contentType } = await encodeMultipart(
        [
          { name: 'options', type: 'application/json', content: JSON.stringify(input) },
          ...documents.map(({ name, content, type = 'application/octet-stream' }) => ({
            name: 'documents[]',
            filename: name,
            type,
            content,
          })),
        ],
        idempotencyKey,
      );
      const answer = await transport.send({
        method: 'POST',
        path: '/v1/document-batches',
        headers: { 'content-type': contentType, 'idempotency-key': idempotencyKey },
        body,
        repeatable: idempotencyKey !== undefined,
        signal,
      });
      return readAnswer(answer, documentBatchSchema);
    },
    get: async (id, { waitSeconds, signal } = {}) =>
      readAnswer(
        await transport.send({ method: 'GET', path: pathOf(id), repeatable: true, waitSeconds, signal }),
        documentBatchSchema,
      ),
    changes: (id, { signal } = {}) =>
      watch({
        poll: (look) => poll(id, { ...look, signal }),
        isFinal: (batch) => batch.status === 'completed',
        spacingMs: SPACING_MS,
        signal,
      }),
    results: async function* results(id, { after, signal } = {}) {
      const response = await transport.open({
        method: 'GET',
        path: `${pathOf(id)}/results`,
        query: { after },
        headers: { accept: 'application/x-ndjson, application/problem+json' },
        repeatable: true,
        signal,
      });
      if (response.body === null) return;
      for await (const line of readLines(response.body, {
        maxLineBytes: MAX_LINE_BYTES,
        idleMs: IDLE_MS,
        signal,
      })) {
        yield readAnswer({ text: line, status: response.status }, documentResultSchema);
      }
    },
  };
}

const pathOf = (id: BatchId): string => `/v1/document-batches/${encodeURIComponent(id)}`;
