import {
  documentBatchListSchema,
  documentBatchSchema,
  seenDocumentResultSchema,
  type CreateDocumentBatchInput,
  type DocumentBatchBody,
  type DocumentBatchListBody,
  type SeenDocumentResult,
} from '@spillway/contracts';
import { hasBatchEnded, type BatchId } from '@spillway/core';
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
  /** Only results after the one of this `seq`. */
  readonly after?: number | undefined;
  /** Go on for up to this long with results as they come, at most 60 s, until the batch has ended. */
  readonly waitSeconds?: number | undefined;
}

export interface BatchListQuery {
  /** Only batches older than this one. */
  readonly after?: BatchId | undefined;
  readonly limit?: number | undefined;
}

export interface DocumentBatchesClient {
  /**
   * Sends documents with one instruction; those given as blobs of files are streamed. None are sent where the input has
   * `file_ids`. Retried only with an idempotency key.
   */
  create(
    input: CreateDocumentBatchInput,
    documents: readonly DocumentUpload[],
    options?: CreateBatchOptions,
  ): Promise<DocumentBatchBody>;
  get(id: BatchId, options?: GetOptions): Promise<DocumentBatchBody>;
  poll(id: BatchId, options?: PollOptions): Promise<Polled<DocumentBatchBody>>;
  /** One page, newest first. */
  list(query?: BatchListQuery, options?: CallOptions): Promise<DocumentBatchListBody>;
  /** The batch at first and after every change, until it has ended. */
  changes(id: BatchId, options?: CallOptions): AsyncGenerator<DocumentBatchBody, void, undefined>;
  /** The documents that have an outcome, line by line as they arrive, in the order in which they ended. */
  results(id: BatchId, options?: ResultsOptions): AsyncGenerator<SeenDocumentResult, void, undefined>;
  /** Asks for a batch's end; what has ended of it stays. Throws `batch-ended` when it is too late. */
  cancel(id: BatchId, options?: CallOptions): Promise<DocumentBatchBody>;
  /** From here on no document begins, until `resume`. */
  pause(id: BatchId, options?: CallOptions): Promise<DocumentBatchBody>;
  resume(id: BatchId, options?: CallOptions): Promise<DocumentBatchBody>;
  /** Sends what failed of an ended batch again, as another batch. Retried only with an idempotency key. */
  retry(id: BatchId, options?: CreateBatchOptions): Promise<DocumentBatchBody>;
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
  /** Asked twice, it has the effect of once. */
  const change =
    (what: string): DocumentBatchesClient['cancel'] =>
    async (id, { signal } = {}) =>
      readAnswer(
        await transport.send({ method: 'POST', path: `${pathOf(id)}/${what}`, repeatable: true, signal }),
        documentBatchSchema,
      );
  return {
    poll,
    cancel: change('cancel'),
    pause: change('pause'),
    resume: change('resume'),
    retry: async (id, { idempotencyKey, signal } = {}) =>
      readAnswer(
        await transport.send({
          method: 'POST',
          path: `${pathOf(id)}/retry`,
          headers: { 'idempotency-key': idempotencyKey },
          repeatable: idempotencyKey !== undefined,
          signal,
        }),
        documentBatchSchema,
      ),
    list: async ({ after, limit } = {}, { signal } = {}) =>
      readAnswer(
        await transport.send({
          method: 'GET',
          path: '/v1/document-batches',
          query: { after, limit },
          repeatable: true,
          signal,
        }),
        documentBatchListSchema,
      ),
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
        isFinal: (batch) => hasBatchEnded(batch.status),
        spacingMs: SPACING_MS,
        signal,
      }),
    results: async function* results(id, { after, waitSeconds = 0, signal } = {}) {
      const response = await transport.open({
        method: 'GET',
        path: `${pathOf(id)}/results`,
        query: { after },
        headers: { accept: 'application/x-ndjson, application/problem+json' },
        repeatable: true,
        ...(waitSeconds > 0 && { waitSeconds }),
        signal,
      });
      if (response.body === null) return;
      for await (const line of readLines(response.body, {
        maxLineBytes: MAX_LINE_BYTES,
        idleMs: IDLE_MS + waitSeconds * 1000,
        signal,
      })) {
        yield readAnswer({ text: line, status: response.status }, seenDocumentResultSchema);
      }
    },
  };
}

const pathOf = (id: BatchId): string => `/v1/document-batches/${encodeURIComponent(id)}`;
