import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { findBatch } from '../../batches/batch-routes.ts';
import { type EventDeps, eventHeadersSchema, streamEvents } from '../../batches/stream-events.ts';
import { type AppEnv, pathIdSchema, problems } from '../../routes/route-kit.ts';
import { toDocumentBatch } from '../document-batch-view.ts';

const route = createRoute({
  operationId: 'streamDocumentBatchEvents',
  method: 'get',
  path: '/v1/document-batches/{id}/events',
  summary: 'The batch at first and after each change, as server-sent events `batch`, until it has ended',
  request: { params: pathIdSchema, headers: eventHeadersSchema },
  responses: {
    200: {
      description: 'Each `data` is the batch as JSON',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    204: { description: 'It has ended, and you know it' },
    ...problems(
      'batch-not-found',
      'too-many-streams',
      'missing-api-key',
      'invalid-api-key',
      'store-unavailable',
    ),
  },
});

export function registerStreamDocumentBatchEvents(app: OpenAPIHono<AppEnv>, deps: EventDeps): void {
  app.openAPIRegistry.registerPath(route);
  app.get('/v1/document-batches/:id/events', async (context) => {
    const { batches } = deps;
    const record = await findBatch(batches, 'documents', context.req.param('id'), context.get('tenantId'));
    return streamEvents(context, deps, record, (now) => toDocumentBatch(now, Date.now()));
  });
}
