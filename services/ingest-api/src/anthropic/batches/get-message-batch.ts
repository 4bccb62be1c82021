import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { messageBatchSchema } from '@spillway/contracts';
import type { BatchStore } from '@spillway/redis';
import { type AppEnv, pathIdSchema } from '../../routes/route-kit.ts';
import { anthropicErrors } from '../anthropic-errors.ts';
import { findMessageBatch } from '../find-message-batch.ts';
import { toMessageBatch } from '../message-batch-view.ts';
import { originOf } from '../origin-of.ts';

export interface GetMessageBatchDeps {
  readonly batches: BatchStore;
}

const route = createRoute({
  operationId: 'getMessageBatch',
  method: 'get',
  path: '/v1/messages/batches/{id}',
  summary: 'Read a message batch',
  request: { params: pathIdSchema },
  responses: {
    200: {
      description: 'The batch as it is now',
      content: { 'application/json': { schema: messageBatchSchema } },
    },
    ...anthropicErrors('batch-not-found'),
  },
});

export function registerGetMessageBatch(app: OpenAPIHono<AppEnv>, { batches }: GetMessageBatchDeps): void {
  app.openapi(route, async (context) => {
    const record = await findMessageBatch(batches, context.req.valid('param').id, context.get('tenantId'));
    return context.json(toMessageBatch(record, originOf(context)), 200);
  });
}
