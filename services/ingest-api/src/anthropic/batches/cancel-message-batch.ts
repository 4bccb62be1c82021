import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { messageBatchSchema } from '@spillway/contracts';
import { changeBatch } from '../../batches/batch-routes.ts';
import { type AppEnv, pathIdSchema } from '../../routes/route-kit.ts';
import { anthropicErrors } from '../anthropic-errors.ts';
import { findMessageBatch } from '../find-message-batch.ts';
import { toMessageBatch } from '../message-batch-view.ts';
import { originOf } from '../origin-of.ts';
import type { GetMessageBatchDeps } from './get-message-batch.ts';

const route = createRoute({
  operationId: 'cancelMessageBatch',
  method: 'post',
  path: '/v1/messages/batches/{id}/cancel',
  summary: 'End a message batch: what ran stays, no further request begins',
  request: { params: pathIdSchema },
  responses: {
    200: {
      description: 'It is canceling, again or for the first time',
      content: { 'application/json': { schema: messageBatchSchema } },
    },
    ...anthropicErrors('batch-not-found', 'batch-ended'),
  },
});

export function registerCancelMessageBatch(app: OpenAPIHono<AppEnv>, { batches }: GetMessageBatchDeps): void {
  app.openapi(route, async (context) => {
    const record = await findMessageBatch(batches, context.req.valid('param').id, context.get('tenantId'));
    return context.json(toMessageBatch(await changeBatch(batches, record, 'cancel'), originOf(context)), 200);
  });
}
