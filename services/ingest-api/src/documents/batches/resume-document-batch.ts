import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { documentBatchSchema } from '@spillway/contracts';
import type { BatchStore } from '@spillway/redis';
import { changeBatch, findBatch } from '../../batches/batch-routes.ts';
import { type AppEnv, pathIdSchema, problems } from '../../routes/route-kit.ts';
import { toDocumentBatch } from '../document-batch-view.ts';

const route = createRoute({
  operationId: 'resumeDocumentBatch',
  method: 'post',
  path: '/v1/document-batches/{id}/resume',
  summary: 'Go on with a batch that was paused',
  request: { params: pathIdSchema },
  responses: {
    200: { description: 'It goes on', content: { 'application/json': { schema: documentBatchSchema } } },
    ...problems('batch-not-found', 'batch-ended', 'missing-api-key', 'invalid-api-key', 'store-unavailable'),
  },
});

export function registerResumeDocumentBatch(
  app: OpenAPIHono<AppEnv>,
  { batches }: { readonly batches: BatchStore },
): void {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const record = await findBatch(batches, 'documents', id, context.get('tenantId'));
    return context.json(toDocumentBatch(await changeBatch(batches, record, 'resume'), Date.now()), 200);
  });
}
