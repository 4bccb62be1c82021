import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { listMessageBatchesQuerySchema, messageBatchListSchema } from '@spillway/contracts';
import type { AppEnv } from '../../routes/route-kit.ts';
import { anthropicErrors } from '../anthropic-errors.ts';
import { parseMessageBatchId, toMessageBatch } from '../message-batch-view.ts';
import { originOf } from '../origin-of.ts';
import type { GetMessageBatchDeps } from './get-message-batch.ts';

const route = createRoute({
  operationId: 'listMessageBatches',
  method: 'get',
  path: '/v1/messages/batches',
  summary: 'List your message batches, newest first',
  request: { query: listMessageBatchesQuerySchema },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: messageBatchListSchema } } },
    ...anthropicErrors('invalid-request'),
  },
});

export function registerListMessageBatches(app: OpenAPIHono<AppEnv>, { batches }: GetMessageBatchDeps): void {
  app.openapi(route, async (context) => {
    const { limit, after_id: after, before_id: before } = context.req.valid('query');
    const page = await batches.list(context.get('tenantId'), {
      face: 'anthropic',
      limit,
      after: after === undefined ? undefined : parseMessageBatchId(after),
      before: before === undefined ? undefined : parseMessageBatchId(before),
    });
    const origin = originOf(context);
    const data = page.batches.map((record) => toMessageBatch(record, origin));
    const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
    return context.json({ data, has_more: page.hasMore, ...ends }, 200);
  });
}
