import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { batchObjectSchema } from '@spillway/contracts';
import { changeBatch, findBatch } from '../../batches/batch-routes.ts';
import { type AppEnv, pathIdSchema } from '../../routes/route-kit.ts';
import { toBatchObject } from '../batch-view.ts';
import { openaiErrors } from '../openai-errors.ts';
import type { GetBatchDeps } from './get-batch.ts';

const route = createRoute({
  operationId: 'pauseBatch',
  method: 'post',
  path: '/v1/batches/{id}/pause',
  summary: 'Begin no further line of a batch until it is resumed; what runs goes on',
  request: { params: pathIdSchema },
  responses: {
    200: { description: 'It is paused', content: { 'application/json': { schema: batchObjectSchema } } },
    ...openaiErrors('batch-not-found', 'batch-ended'),
  },
});

export function registerPauseBatch(app: OpenAPIHono<AppEnv>, { batches }: GetBatchDeps): void {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const record = await findBatch(batches, 'openai', id, context.get('tenantId'));
    return context.json(toBatchObject(await changeBatch(batches, record, 'pause'), Date.now()), 200);
  });
}
