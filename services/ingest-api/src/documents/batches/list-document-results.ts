import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { renderDocumentResult } from '@spillway/batches';
import { seenDocumentResultSchema } from '@spillway/contracts';
import { findBatch } from '../../batches/batch-routes.ts';
import {
  type ResultDeps,
  resultsHeadersSchema,
  resultsQuerySchema,
  streamResults,
} from '../../batches/stream-results.ts';
import { readQuery } from '../../http/read-query.ts';
import { type AppEnv, pathIdSchema, problems } from '../../routes/route-kit.ts';

const route = createRoute({
  operationId: 'listDocumentResults',
  method: 'get',
  path: '/v1/document-batches/{id}/results',
  summary: 'The outcomes so far, one JSON line a document, in the order in which they ended',
  request: { params: pathIdSchema, headers: resultsHeadersSchema, query: resultsQuerySchema },
  responses: {
    200: {
      description: 'Readable while the batch runs; documents without an outcome are left out',
      content: { 'application/x-ndjson': { schema: seenDocumentResultSchema } },
    },
    ...problems(
      'invalid-request',
      'batch-not-found',
      'too-many-streams',
      'missing-api-key',
      'invalid-api-key',
      'store-unavailable',
    ),
  },
});

export function registerListDocumentResults(app: OpenAPIHono<AppEnv>, deps: ResultDeps): void {
  app.openAPIRegistry.registerPath(route);
  app.get('/v1/document-batches/:id/results', async (context) => {
    const { after } = readQuery(context, resultsQuerySchema);
    const { batches } = deps;
    const record = await findBatch(batches, 'documents', context.req.param('id'), context.get('tenantId'));
    return streamResults(context, deps, {
      record,
      from: (after ?? -1) + 1,
      contentType: 'application/x-ndjson',
      render: (outcome, seq) => JSON.stringify({ ...renderDocumentResult(outcome), seq }),
    });
  });
}
