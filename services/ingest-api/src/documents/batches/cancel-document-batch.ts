import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { documentBatchSchema } from '@spillway/contracts';
import type { BatchStore } from '@spillway/redis';
import { changeBatch, findBatch } from '../../batches/batch-routes.ts';
import { type AppEnv, pathIdSchema, problems } from '../../routes/route-kit.ts';
import { toDocumentBatch } from '../document-batch-view.ts';

const route = createRoute({
  operationId: 'cancelDocumentBatch',
  method: 'post',
  path: '/v1/document-batches/{id}/cancel',
  summary: 'End a batch: what ran stays, no further document begins',
  request: { params: pathIdSchema },
  responses: {
    200: {
      description: 'It is cancelling, again or for the first time; its files follow',
      content: { 'application/json': { schema: documentBatchSchema } },
    },
    ...problems('batch-not-found', 'batch-ended', 'missing-api-key', 'invalid-api-key', 'store-unavailable'),
  },
});

export function registerCancelDocumentBatch(
  app: OpenAPIHono<AppEnv>,
  { batches }: { readonly batches: BatchStore },
): void {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const record = await findBatch(batches, 'documents', id, context.get('tenantId'));
    return context.json(toDocumentBatch(await changeBatch(batches, record, 'cancel'), Date.now()), 200);
  });
}
