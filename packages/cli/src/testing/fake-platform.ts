import { createHash } from 'node:crypto';
import {
  problem,
  sampleBatch,
  sampleResult,
  serve,
  type Reply,
  type SeenRequest,
} from '@spillway/client/testing';
import type { DocumentBatchBody, SeenDocumentResult } from '@spillway/contracts';
import { idFromUuid, type BatchId } from '@spillway/core';

interface HeldBatch {
  readonly id: BatchId;
  readonly names: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** In the order in which they ended; `seq` is given when they are read. */
  results: SeenDocumentResult[];
  /** What the platform says of it beside its counts. */
  outlook: Partial<DocumentBatchBody>;
}

export interface FakePlatformOptions {
  /** What becomes of a document; `undefined` leaves it unfinished. */
  readonly outcome?: (
    name: string,
    text: string,
    batchNumber: number,
  ) => Partial<SeenDocumentResult> | undefined;
  /** Hears of each new batch before its answer is sent, and may lose the answer. */
  readonly onCreated?: () => 'hang up' | undefined;
  /** Answers instead of the platform, where it returns something. */
  readonly intercept?: (
    request: SeenRequest,
    platform: { readonly batches: HeldBatch[] },
  ) => Reply | 'hang up' | undefined | Promise<Reply | 'hang up' | undefined>;
}

export interface FakePlatform extends AsyncDisposable {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** Batches that were really made: a repeated key makes none. */
  readonly batches: HeldBatch[];
}

/** The document part of the platform over real HTTP: batches, idempotency keys, results; for tests. */
export async function startFakePlatform(options: FakePlatformOptions = {}): Promise<FakePlatform> {
  const batches: HeldBatch[] = [];
  const byKey = new Map<string, { readonly batch: HeldBatch; readonly body: string }>();

  async function create(request: SeenRequest): Promise<Reply | 'hang up'> {
    const key = String(request.headers['idempotency-key']);
    const body = sha256(request.body);
    const known = byKey.get(key);
    if (known !== undefined && known.body !== body) return problem('idempotency-conflict', 'another body');
    const batch = known?.batch ?? (await makeBatch(request, batches.length + 1, options));
    if (known === undefined) {
      batches.push(batch);
      byKey.set(key, { batch, body });
      if (options.onCreated?.() === 'hang up') return 'hang up';
    }
    return { status: 202, body: batchBody(batch) };
  }

  const server = await serve(async (request) => {
    const instead = await options.intercept?.(request, { batches });
    if (instead !== undefined) return instead;
    if (request.method === 'POST' && request.path === '/v1/document-batches') return create(request);
    const [, id, results] = /^\/v1\/document-batches\/([^/]+)(\/results)?$/.exec(request.path) ?? [];
    const batch = batches.find((held) => held.id === id);
    if (batch === undefined) return problem('batch-not-found', 'no such batch');
    if (results === undefined) return { body: batchBody(batch) };
    const lines = batch.results.map((result, seq) => `${JSON.stringify({ ...result, seq })}\n`);
    return { body: lines.slice(Number(request.query.get('after') ?? -1) + 1).join('') };
  });
  return {
    url: server.url,
    seen: server.seen,
    batches,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

async function makeBatch(
  request: SeenRequest,
  number: number,
  { outcome = () => ({}) }: FakePlatformOptions,
): Promise<HeldBatch> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const form = await new Response(request.body, { headers }).formData();
  const files = form.getAll('documents[]').filter((part) => part instanceof File);
  const results: SeenDocumentResult[] = [];
  for (const [index, file] of files.entries()) {
    const text = await file.text();
    const changes = outcome(file.name, text, number);
    if (changes === undefined) continue;
    results.push(
      sampleResult({
        index,
        document: file.name,
        sha256: sha256(text),
        output: `about ${text}`,
        ...changes,
      }),
    );
  }
  return {
    id: idFromUuid('BatchId', `01990000-0000-7000-8000-${String(number).padStart(12, '0')}`),
    names: files.map(({ name }) => name),
    options: JSON.parse(form.get('options') as string) as Readonly<Record<string, unknown>>,
    results,
    outlook: {},
  };
}

function batchBody({ id, names, results, outlook }: HeldBatch): DocumentBatchBody {
  const counts = { total: names.length, completed: 0, failed: 0, cancelled: 0, expired: 0 };
  for (const { status } of results) counts[status] += 1;
  const status = results.length === names.length ? 'completed' : 'in_progress';
  return sampleBatch({ id, status, document_counts: counts, ...outlook });
}
