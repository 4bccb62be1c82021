import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { messageBatchDeletedSchema } from '@spillway/contracts';
import { assertNever } from '@spillway/core';
import { Problem } from '../../http/problem.ts';
import { type AppEnv, noSuchBatch, pathIdSchema } from '../../routes/route-kit.ts';
import { anthropicErrors } from '../anthropic-errors.ts';
import { findMessageBatch } from '../find-message-batch.ts';
import { toMessageBatchId } from '../message-batch-view.ts';
import type { GetMessageBatchDeps } from './get-message-batch.ts';

const route = createRoute({
  operationId: 'deleteMessageBatch',
  method: 'delete',
  path: '/v1/messages/batches/{id}',
  summary: 'Delete a message batch that has ended, with its results',
  request: { params: pathIdSchema },
  responses: {
    200: {
      description: 'It is gone',
      content: { 'application/json': { schema: messageBatchDeletedSchema } },
    },
    ...anthropicErrors('batch-not-found', 'batch-not-ended'),
  },
});

export function registerDeleteMessageBatch(app: OpenAPIHono<AppEnv>, { batches }: GetMessageBatchDeps): void {
  app.openapi(route, async (context) => {
    const tenantId = context.get('tenantId');
    const { id } = await findMessageBatch(batches, context.req.valid('param').id, tenantId);
    const change = await batches.forget(id, tenantId);
    switch (change.kind) {
      case 'changed':
        return context.json({ id: toMessageBatchId(id), type: 'message_batch_deleted' as const }, 200);
      case 'refused':
        throw new Problem('batch-not-ended', 'cancel it, and delete it when its processing has ended');
      case 'not-found':
        throw noSuchBatch();
      default:
        return assertNever(change);
    }
  });
}
