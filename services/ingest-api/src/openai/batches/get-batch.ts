import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { batchObjectSchema } from '@spillway/contracts';
import type { BatchStore } from '@spillway/redis';
import { findBatch } from '../../batches/batch-routes.ts';
import { type AppEnv, pathIdSchema } from '../../routes/route-kit.ts';
import { toBatchObject } from '../batch-view.ts';
import { openaiErrors } from '../openai-errors.ts';

export interface GetBatchDeps {
  readonly batches: BatchStore;
}

const route = createRoute({
  operationId: 'getBatch',
  method: 'get',
  path: '/v1/batches/{id}',
  summary: 'Read a batch',
  request: { params: pathIdSchema },
  responses: {
    200: {
      description: 'The batch as it is now',
      content: { 'application/json': { schema: batchObjectSchema } },
    },
    ...openaiErrors('batch-not-found'),
  },
});

export function registerGetBatch(app: OpenAPIHono<AppEnv>, { batches }: GetBatchDeps): void {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const record = await findBatch(batches, 'openai', id, context.get('tenantId'));
    return context.json(toBatchObject(record, Date.now()), 200);
  });
}
