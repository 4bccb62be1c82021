import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { documentBatchSchema } from '@spillway/contracts';
import { z } from 'zod';
import { findBatch } from '../../batches/batch-routes.ts';
import { createdRecord } from '../../batches/created-record.ts';
import { type AppEnv, idempotencyOf, pathIdSchema, problems } from '../../routes/route-kit.ts';
import { toDocumentBatch } from '../document-batch-view.ts';
import { type RetryDocumentsDeps, retryDocuments } from '../retry-documents.ts';

const route = createRoute({
  operationId: 'retryDocumentBatch',
  method: 'post',
  path: '/v1/document-batches/{id}/retry',
  summary: 'Run the failed documents of a batch that has ended again, as another batch',
  request: { params: pathIdSchema, headers: z.object({ 'idempotency-key': z.string().optional() }) },
  responses: {
    202: {
      description: 'The new batch',
      content: { 'application/json': { schema: documentBatchSchema } },
    },
    ...problems(
      'invalid-request',
      'batch-not-found',
      'file-not-found',
      'batch-not-ended',
      'nothing-to-retry',
      'idempotency-conflict',
      'missing-api-key',
      'invalid-api-key',
      'store-unavailable',
    ),
  },
});

export function registerRetryDocumentBatch(app: OpenAPIHono<AppEnv>, deps: RetryDocumentsDeps): void {
  app.openAPIRegistry.registerPath(route);
  app.post('/v1/document-batches/:id/retry', async (context) => {
    const rawId = context.req.param('id');
    const batch = await findBatch(deps.batches, 'documents', rawId, context.get('tenantId'));
    const key = context.req.header('idempotency-key');
    const idempotency = idempotencyOf(key, deps.config().retention, `retry ${batch.id}`);
    const creation = await retryDocuments(batch, idempotency, deps, context.req.raw.signal);
    const { record, headers } = createdRecord(creation);
    context.header('location', `/v1/document-batches/${record.id}`);
    return context.json(toDocumentBatch(record, Date.now()), 202, headers);
  });
}
