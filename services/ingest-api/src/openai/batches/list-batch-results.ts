import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { renderOpenAiLine } from '@spillway/batches';
import { batchResultSchema } from '@spillway/contracts';
import { findBatch } from '../../batches/batch-routes.ts';
import {
  type ResultDeps,
  resultsHeadersSchema,
  resultsQuerySchema,
  streamResults,
} from '../../batches/stream-results.ts';
import { readQuery } from '../../http/read-query.ts';
import { type AppEnv, pathIdSchema } from '../../routes/route-kit.ts';
import { openaiErrors } from '../openai-errors.ts';

const route = createRoute({
  operationId: 'listBatchResults',
  method: 'get',
  path: '/v1/batches/{id}/results',
  summary: 'Lines of the output and the error file as they come, in the order in which they ended',
  request: { params: pathIdSchema, headers: resultsHeadersSchema, query: resultsQuerySchema },
  responses: {
    200: {
      description: 'Readable while the batch runs',
      content: { 'application/x-ndjson': { schema: batchResultSchema } },
    },
    ...openaiErrors('invalid-request', 'batch-not-found', 'too-many-streams'),
  },
});

export function registerListBatchResults(app: OpenAPIHono<AppEnv>, deps: ResultDeps): void {
  app.openAPIRegistry.registerPath(route);
  app.get('/v1/batches/:id/results', async (context) => {
    const { after } = readQuery(context, resultsQuerySchema);
    const record = await findBatch(deps.batches, 'openai', context.req.param('id'), context.get('tenantId'));
    return streamResults(context, deps, {
      record,
      from: (after ?? -1) + 1,
      contentType: 'application/x-ndjson',
      // The very line of the file, and one member more.
      render: (outcome, seq) => `${renderOpenAiLine(record.id, outcome).line.slice(0, -1)},"seq":${seq}}`,
    });
  });
}
