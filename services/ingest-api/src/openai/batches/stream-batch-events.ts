import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { findBatch } from '../../batches/batch-routes.ts';
import { type EventDeps, eventHeadersSchema, streamEvents } from '../../batches/stream-events.ts';
import { type AppEnv, pathIdSchema } from '../../routes/route-kit.ts';
import { toBatchObject } from '../batch-view.ts';
import { openaiErrors } from '../openai-errors.ts';

const route = createRoute({
  operationId: 'streamBatchEvents',
  method: 'get',
  path: '/v1/batches/{id}/events',
  summary: 'The batch at first and after each change, as server-sent events `batch`, until it has ended',
  request: { params: pathIdSchema, headers: eventHeadersSchema },
  responses: {
    200: {
      description: 'Each `data` is the batch as JSON',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    204: { description: 'It has ended, and you know it' },
    ...openaiErrors('batch-not-found', 'too-many-streams'),
  },
});

export function registerStreamBatchEvents(app: OpenAPIHono<AppEnv>, deps: EventDeps): void {
  app.openAPIRegistry.registerPath(route);
  app.get('/v1/batches/:id/events', async (context) => {
    const record = await findBatch(deps.batches, 'openai', context.req.param('id'), context.get('tenantId'));
    return streamEvents(context, deps, record, (now) => toBatchObject(now, Date.now()));
  });
}
