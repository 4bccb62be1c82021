import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { batchObjectSchema, fileObjectSchema, type BatchObject, type FileObject } from '@spillway/contracts';
import { readLineStream } from '../read-line-stream.ts';
import type { BatchEndpoint } from './endpoint-of-file.ts';
import { readFailure, unreachable } from './read-failure.ts';
import { readBody } from './read-body.ts';

interface NewBatch {
  readonly input_file_id: string;
  readonly endpoint: BatchEndpoint;
  readonly completion_window: string;
  readonly privacy?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The OpenAI face of the platform, as far as batches need it. Failures are SpillwayErrors. */
export interface BatchesApi {
  /** Streams a file to the platform; it is not read into memory. */
  upload(path: string): Promise<FileObject>;
  create(batch: NewBatch, idempotencyKey: string): Promise<BatchObject>;
  get(id: string): Promise<BatchObject>;
  change(id: string, what: 'cancel' | 'pause' | 'resume'): Promise<BatchObject>;
  /** Another batch of what did not complete. */
  retry(id: string, idempotencyKey: string): Promise<BatchObject>;
  /** Lines behind one of them; with `waitSeconds` also those that come within that time. */
  results(
    id: string,
    options: { readonly after: number | undefined; readonly waitSeconds: number },
  ): AsyncGenerator<string, void, undefined>;
}

const CALL_MS = 30_000;
/** 200 MB over a line of 1 Mbit/s, and some. */
const UPLOAD_MS = 3_600_000;

/** The calls about batches at a platform; all of them end when the signal aborts. */
export function createBatchesApi(
  { url, apiKey }: { readonly url: string; readonly apiKey: string },
  signal: AbortSignal,
): BatchesApi {
  async function ask(path: string, timeoutMs: number, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${apiKey}`);
    headers.set('user-agent', 'spillway-cli');
    try {
      const response = await fetch(`${url.replace(/\/+$/, '')}${path}`, {
        ...init,
        headers,
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      if (response.ok) return response;
      throw readFailure(response, await response.text());
    } catch (error) {
      signal.throwIfAborted();
      throw unreachable(url, error);
    }
  }
  const post = (path: string, idempotencyKey?: string, body?: unknown): Promise<Response> =>
    ask(path, CALL_MS, {
      method: 'POST',
      headers: {
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  return {
    upload: async (path) => {
      const form = new FormData();
      form.set('purpose', 'batch');
      form.set('file', await openAsBlob(path, { type: 'application/jsonl' }), basename(path));
      return readBody(await ask('/v1/files', UPLOAD_MS, { method: 'POST', body: form }), fileObjectSchema);
    },
    create: async (batch, key) => readBody(await post('/v1/batches', key, batch), batchObjectSchema),
    get: async (id) => readBody(await ask(pathOf(id), CALL_MS), batchObjectSchema),
    change: async (id, what) => readBody(await post(`${pathOf(id)}/${what}`), batchObjectSchema),
    retry: async (id, key) => readBody(await post(`${pathOf(id)}/retry`, key), batchObjectSchema),
    results: async function* results(id, { after, waitSeconds }) {
      const query = after === undefined ? '' : `?after=${after}`;
      const headers: Record<string, string> = waitSeconds > 0 ? { prefer: `wait=${waitSeconds}` } : {};
      const response = await ask(`${pathOf(id)}/results${query}`, UPLOAD_MS, { headers });
      try {
        yield* readLineStream(response.body ?? []);
      } catch (error) {
        signal.throwIfAborted();
        throw unreachable(url, error);
      }
    },
  };
}

const pathOf = (id: string): string => `/v1/batches/${encodeURIComponent(id)}`;
