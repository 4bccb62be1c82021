import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { documentBatchListSchema, listBatchesQuerySchema } from '@spillway/contracts';
import { listBatches } from '../../batches/list-batches.ts';
import { type AppEnv, problems } from '../../routes/route-kit.ts';
import { toDocumentBatch } from '../document-batch-view.ts';
import type { GetDocumentBatchDeps } from './get-document-batch.ts';

const route = createRoute({
  operationId: 'listDocumentBatches',
  method: 'get',
  path: '/v1/document-batches',
  summary: 'List your document batches, newest first',
  request: { query: listBatchesQuerySchema },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: documentBatchListSchema } } },
    ...problems('invalid-request', 'missing-api-key', 'invalid-api-key', 'store-unavailable'),
  },
});

export function registerListDocumentBatches(
  app: OpenAPIHono<AppEnv>,
  { batches }: GetDocumentBatchDeps,
): void {
  app.openapi(route, async (context) => {
    const query = context.req.valid('query');
    const nowMs = Date.now();
    const page = await listBatches(batches, context.get('tenantId'), 'documents', query, (record) =>
      toDocumentBatch(record, nowMs),
    );
    return context.json(page, 200);
  });
}
