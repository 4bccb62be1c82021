import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { batchObjectSchema } from '@spillway/contracts';
import type { BatchCreation, BatchRecord } from '@spillway/redis';
import { z } from 'zod';
import { findBatch } from '../../batches/batch-routes.ts';
import { createdRecord } from '../../batches/created-record.ts';
import { readWindow } from '../../batches/read-window.ts';
import { openRetry } from '../../batches/retry.ts';
import { type AppEnv, idempotencyOf, pathIdSchema } from '../../routes/route-kit.ts';
import { toBatchObject } from '../batch-view.ts';
import { dropFile, keepFile, type KeepFileDeps } from '../keep-file.ts';
import { openaiErrors } from '../openai-errors.ts';
import type { CreateBatchDeps } from './create-batch.ts';

export type RetryBatchDeps = CreateBatchDeps & KeepFileDeps;

const route = createRoute({
  operationId: 'retryBatch',
  method: 'post',
  path: '/v1/batches/{id}/retry',
  summary: 'Run the failed lines of a batch that has ended again, as another batch',
  request: { params: pathIdSchema, headers: z.object({ 'idempotency-key': z.string().optional() }) },
  responses: {
    200: { description: 'The new batch', content: { 'application/json': { schema: batchObjectSchema } } },
    ...openaiErrors(
      'invalid-request',
      'batch-not-found',
      'file-not-found',
      'batch-not-ended',
      'nothing-to-retry',
      'idempotency-conflict',
    ),
  },
});

export function registerRetryBatch(app: OpenAPIHono<AppEnv>, deps: RetryBatchDeps): void {
  app.openAPIRegistry.registerPath(route);
  app.post('/v1/batches/:id/retry', async (context) => {
    const { batches, config } = deps;
    const batch = await findBatch(batches, 'openai', context.req.param('id'), context.get('tenantId'));
    const key = context.req.header('idempotency-key');
    const idempotency = idempotencyOf(key, config().retention, `retry ${batch.id}`);
    const creation = await submitRetry(batch, deps, idempotency, context.req.raw.signal);
    const { record, headers } = createdRecord(creation);
    return context.json(toBatchObject(record, Date.now()), 200, headers);
  });
}

async function submitRetry(
  batch: BatchRecord,
  deps: RetryBatchDeps,
  idempotency: ReturnType<typeof idempotencyOf>,
  signal: AbortSignal,
): Promise<BatchCreation> {
  const { batches, files, blobs, config, newBatchId } = deps;
  const { description, tenantId, webhook } = batch;
  const { retention } = config();
  const lines = await openRetry(batch, blobs, signal);
  const kept = await keepFile(deps, tenantId, lines, { mostBytes: Number.MAX_SAFE_INTEGER, signal });
  const filename = `retry-of-${batch.id}.jsonl`;
  await files.create({ ...kept, filename, purpose: 'batch', keepMs: retention.files_seconds * 1000 });
  const dropInput = async (): Promise<void> => {
    // A batch that reads it keeps it.
    const deletion = await files.delete(kept.id, tenantId);
    if (deletion.kind === 'deleted') await dropFile(deps, kept);
  };
  const creation = await batches
    .create(
      {
        id: newBatchId(),
        tenantId,
        description: { ...description, inputPath: kept.path, inputFileId: kept.id, retryOf: batch.id },
        webhook,
        windowMs: readWindow(description.completionWindow, 'completion_window'),
        retainMs: retention.batches_seconds * 1000,
      },
      idempotency,
    )
    .catch(async (error: unknown) => {
      await dropInput().catch(() => undefined);
      throw error;
    });
  if (creation.kind !== 'created') await dropInput();
  return creation;
}
