import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { filePath } from '@spillway/batches';
import { batchObjectSchema, type Config, createBatchRequestSchema } from '@spillway/contracts';
import { type BatchId, type FileId, parseId, type TenantId } from '@spillway/core';
import type { BatchStore, FileStore } from '@spillway/redis';
import { z } from 'zod';
import { createdRecord } from '../../batches/created-record.ts';
import { readWindow } from '../../batches/read-window.ts';
import { refuse } from '../../batches/refuse.ts';
import { refuseContradiction } from '../../batches/refuse-contradiction.ts';
import { webhookFor } from '../../batches/webhook-for.ts';
import { readJson } from '../../http/read-json.ts';
import { type AppEnv, idempotencyOf } from '../../routes/route-kit.ts';
import { toBatchObject } from '../batch-view.ts';
import { openaiErrors } from '../openai-errors.ts';

export interface CreateBatchDeps {
  readonly batches: BatchStore;
  readonly files: FileStore;
  readonly config: () => Config;
  readonly newBatchId: () => BatchId;
}

const route = createRoute({
  operationId: 'createBatch',
  method: 'post',
  path: '/v1/batches',
  summary: 'Run the lines of an uploaded file',
  request: {
    headers: z.object({ 'idempotency-key': z.string().optional() }),
    body: { required: true, content: { 'application/json': { schema: createBatchRequestSchema } } },
  },
  responses: {
    200: { description: 'It is on disk', content: { 'application/json': { schema: batchObjectSchema } } },
    ...openaiErrors(
      'invalid-request',
      'malformed-json',
      'idempotency-conflict',
      'request-too-large',
      'unsupported-media-type',
    ),
  },
});

export function registerCreateBatch(app: OpenAPIHono<AppEnv>, deps: CreateBatchDeps): void {
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, async (context) => {
    const { value: request, text } = await readJson(context, createBatchRequestSchema);
    const config = deps.config();
    const { retention } = config;
    const tenantId = context.get('tenantId');
    const idempotency = idempotencyOf(context.req.header('idempotency-key'), retention, text);
    const { strategy, privacy, attempt_timeout_seconds } = request;
    refuseContradiction(request, config, 'strategy');
    const windowMs = readWindow(request.completion_window, 'completion_window');
    const inputFileId = await findInput(request.input_file_id, tenantId, deps.files);
    const creation = await deps.batches.create(
      {
        id: deps.newBatchId(),
        tenantId,
        description: {
          face: 'openai',
          endpoint: request.endpoint,
          completionWindow: request.completion_window,
          metadata: request.metadata ?? null,
          inputPath: filePath(inputFileId),
          inputFileId,
          outputExpiresAfterSeconds: request.output_expires_after?.seconds,
          retryOf: undefined,
          options: { strategy, privacy, attempt_timeout_seconds },
        },
        webhook: webhookFor(request.webhook, config, tenantId),
        windowMs,
        retainMs: retention.batches_seconds * 1000,
      },
      idempotency,
    );
    const { record, headers } = createdRecord(creation);
    return context.json(toBatchObject(record, Date.now()), 200, headers);
  });
}

/** A file that is not there is the store's to refuse: what was accepted under the same key is answered all the same. */
async function findInput(rawId: string, tenantId: TenantId, files: FileStore): Promise<FileId> {
  const id = parseId('FileId', rawId);
  if (!id.ok) throw refuse('input_file_id', 'not the id of a file');
  const file = await files.one(id.value, tenantId);
  if (file !== undefined && file.purpose !== 'batch') {
    throw refuse('input_file_id', `the file was uploaded for ${file.purpose}: upload it with purpose batch`);
  }
  return id.value;
}
