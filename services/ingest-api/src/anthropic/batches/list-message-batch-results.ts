import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { renderMessageResult } from '@spillway/batches';
import { messageBatchResultSchema } from '@spillway/contracts';
import { hasBatchEnded } from '@spillway/core';
import { type ResultDeps, streamResults } from '../../batches/stream-results.ts';
import { Problem } from '../../http/problem.ts';
import { type AppEnv, pathIdSchema } from '../../routes/route-kit.ts';
import { anthropicErrors } from '../anthropic-errors.ts';
import { findMessageBatch } from '../find-message-batch.ts';
import { toMessageBatchId } from '../message-batch-view.ts';

const route = createRoute({
  operationId: 'listMessageBatchResults',
  method: 'get',
  path: '/v1/messages/batches/{id}/results',
  summary: 'The results of a message batch that has ended, one JSON line a request',
  request: { params: pathIdSchema },
  responses: {
    200: {
      description: 'In the order in which they ended',
      content: { 'application/x-jsonl': { schema: messageBatchResultSchema } },
    },
    ...anthropicErrors('batch-not-found', 'too-many-streams'),
  },
});

export function registerListMessageBatchResults(app: OpenAPIHono<AppEnv>, deps: ResultDeps): void {
  app.openAPIRegistry.registerPath(route);
  app.get('/v1/messages/batches/:id/results', async (context) => {
    const record = await findMessageBatch(deps.batches, context.req.param('id'), context.get('tenantId'));
    if (!hasBatchEnded(record.status)) {
      throw new Problem(
        'batch-not-found',
        `${toMessageBatchId(record.id)} has no results until it has ended`,
      );
    }
    return streamResults(context, deps, {
      record,
      from: 0,
      contentType: 'application/x-jsonl',
      render: (outcome) => renderMessageResult(record.id, outcome),
    });
  });
}
