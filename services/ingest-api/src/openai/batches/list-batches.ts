import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { batchListSchema, listBatchesQuerySchema } from '@spillway/contracts';
import { listBatches } from '../../batches/list-batches.ts';
import type { AppEnv } from '../../routes/route-kit.ts';
import { toBatchObject } from '../batch-view.ts';
import { openaiErrors } from '../openai-errors.ts';
import type { GetBatchDeps } from './get-batch.ts';

const route = createRoute({
  operationId: 'listBatches',
  method: 'get',
  path: '/v1/batches',
  summary: 'List your batches, newest first',
  request: { query: listBatchesQuerySchema },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: batchListSchema } } },
    ...openaiErrors('invalid-request'),
  },
});

export function registerListBatches(app: OpenAPIHono<AppEnv>, { batches }: GetBatchDeps): void {
  app.openapi(route, async (context) => {
    const query = context.req.valid('query');
    const nowMs = Date.now();
    const page = await listBatches(batches, context.get('tenantId'), 'openai', query, (record) =>
      toBatchObject(record, nowMs),
    );
    return context.json(page, 200);
  });
}
