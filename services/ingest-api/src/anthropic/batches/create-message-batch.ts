import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { writeRequests } from '@spillway/batches';
import type { BlobKey, BlobStore } from '@spillway/blobs';
import { type Config, createMessageBatchRequestSchema, messageBatchSchema } from '@spillway/contracts';
import type { BatchId, TenantId } from '@spillway/core';
import type { BatchCreation, BatchStore } from '@spillway/redis';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { dropBatchBlobs, inputKey, orphanedAtMs } from '../../batches/batch-blobs.ts';
import { createdRecord } from '../../batches/created-record.ts';
import { webhookFor } from '../../batches/webhook-for.ts';
import { tooLarge } from '../../http/limit-body.ts';
import { Problem } from '../../http/problem.ts';
import { readBody } from '../../http/read-body.ts';
import { type AppEnv, idempotencyOf } from '../../routes/route-kit.ts';
import { anthropicErrors } from '../anthropic-errors.ts';
import { toMessageBatch } from '../message-batch-view.ts';
import { originOf } from '../origin-of.ts';

export interface CreateMessageBatchDeps {
  readonly batches: BatchStore;
  readonly blobs: BlobStore;
  readonly config: () => Config;
  readonly newBatchId: () => BatchId;
}

const route = createRoute({
  operationId: 'createMessageBatch',
  method: 'post',
  path: '/v1/messages/batches',
  summary: 'Run many messages',
  request: {
    headers: z.object({
      'anthropic-version': z.string().optional(),
      'idempotency-key': z.string().optional(),
    }),
    body: { required: true, content: { 'application/json': { schema: createMessageBatchRequestSchema } } },
  },
  responses: {
    200: { description: 'It is on disk', content: { 'application/json': { schema: messageBatchSchema } } },
    ...anthropicErrors(
      'invalid-request',
      'idempotency-conflict',
      'request-too-large',
      'unsupported-media-type',
    ),
  },
});

const WINDOW_MS = 86_400_000;
const LONGEST_IDLE_MS = 60_000;
/** A body of the largest size over a slow line. */
const LONGEST_UPLOAD_MS = 3_600_000;

export function registerCreateMessageBatch(app: OpenAPIHono<AppEnv>, deps: CreateMessageBatchDeps): void {
  // Described here and read by hand, as a stream: 256 MB are no body to hold.
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, async (context) => {
    if (!/^application\/json\b/i.test(context.req.header('content-type') ?? '')) {
      throw new Problem('unsupported-media-type', 'send application/json');
    }
    const key = context.req.header('idempotency-key');
    const creation = await submitRequests(context.env.incoming, context.get('tenantId'), key, deps);
    const { record, headers } = createdRecord(creation);
    return context.json(toMessageBatch(record, originOf(context)), 200, headers);
  });
}

/** Writes the requests down and makes a batch of them; when there is none in the end, nothing of them is left. */
async function submitRequests(
  incoming: IncomingMessage,
  tenantId: TenantId,
  key: string | undefined,
  deps: CreateMessageBatchDeps,
): Promise<BatchCreation> {
  const { batches, blobs, newBatchId } = deps;
  const config = deps.config();
  const { retention } = config;
  // Refuses a key that is none before anything is written.
  idempotencyOf(key, retention);
  const id = newBatchId();
  const { requests, sha256 } = await writeInput(incoming, inputKey(tenantId, id), deps);
  // A store that does not answer may have written the batch all the same: then its input stays.
  const creation = await batches.create(
    {
      id,
      tenantId,
      description: {
        face: 'anthropic',
        endpoint: '/v1/messages',
        completionWindow: '24h',
        metadata: null,
        inputPath: inputKey(tenantId, id).path,
        inputFileId: undefined,
        outputExpiresAfterSeconds: undefined,
        retryOf: undefined,
        options: { requests },
      },
      webhook: webhookFor(undefined, config, tenantId),
      windowMs: WINDOW_MS,
      retainMs: retention.batches_seconds * 1000,
    },
    idempotencyOf(key, retention, sha256),
  );
  if (creation.kind !== 'created') await dropBatchBlobs(blobs, tenantId, id);
  return creation;
}

async function writeInput(
  incoming: IncomingMessage,
  key: BlobKey,
  { blobs, config }: CreateMessageBatchDeps,
): Promise<{ readonly requests: number; readonly sha256: string }> {
  const { limits } = config();
  const mostBytes = limits.max_message_batch_bytes;
  if (Number(incoming.headers['content-length'] ?? 0) > mostBytes) throw tooLarge(mostBytes);
  const signal = AbortSignal.timeout(LONGEST_UPLOAD_MS);
  const written = await writeRequests(
    blobs,
    key,
    readBody(incoming, { mostBytes, idleMs: LONGEST_IDLE_MS }),
    { mostRequests: limits.max_message_batch_requests, mostRequestBytes: limits.max_request_bytes },
    { signal, expiresAtMs: orphanedAtMs(config(), Date.now()) },
  );
  if (!written.ok) {
    const { kind, detail } = written.error;
    throw new Problem(kind === 'too-large' ? 'request-too-large' : 'invalid-request', detail);
  }
  const input = await blobs.stat(key, { signal });
  if (input === undefined) throw new Error(`${key.path} was written, and is not there`);
  return { requests: written.value.requests, sha256: input.sha256 };
}
