import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { documentBatchSchema } from '@spillway/contracts';
import type { BatchReader } from '@spillway/redis';
import { wait } from '@spillway/service-kit';
import { z } from 'zod';
import { matchesEtag } from '../http/etag.ts';
import { preferredWait } from '../http/prefer-wait.ts';
import { batchEtagOf, toBatchBody } from '../views/batch-view.ts';
import { type AppEnv, batchIdOf, noSuchBatch, pathIdSchema, problems } from './route-kit.ts';

export interface GetDocumentBatchDeps {
  readonly batches: BatchReader;
}

const route = createRoute({
  operationId: 'getDocumentBatch',
  method: 'get',
  path: '/v1/document-batches/{id}',
  summary: 'Read a document batch',
  request: {
    params: pathIdSchema,
    headers: z.object({
      'if-none-match': z.string().optional(),
      prefer: z
        .string()
        .optional()
        .meta({ description: 'wait=N: hold the answer until the counts change, at most N s' }),
    }),
  },
  responses: {
    200: {
      description: 'The batch as it is now',
      content: { 'application/json': { schema: documentBatchSchema } },
    },
    304: { description: 'Not changed since the ETag' },
    ...problems('batch-not-found', 'missing-api-key', 'invalid-api-key', 'store-unavailable'),
  },
});

const LOOK_EVERY_MS = 250;

export function registerGetDocumentBatch(app: OpenAPIHono<AppEnv>, { batches }: GetDocumentBatchDeps): void {
  app.openapi(route, async (context) => {
    const id = batchIdOf(context.req.valid('param').id);
    const untilMs = performance.now() + preferredWait(context.req.header('prefer')) * 1000;
    const known = context.req.header('if-none-match');
    let first: string | undefined;
    for (;;) {
      const record = await batches.one(id);
      if (record === undefined || record.tenantId !== context.get('tenantId')) throw noSuchBatch();
      const etag = batchEtagOf(record);
      const isKnown = matchesEtag(known, etag);
      const isUnchanged = first === undefined ? known === undefined || isKnown : first === etag;
      const isWaiting = isUnchanged && record.status === 'in_progress' && performance.now() < untilMs;
      if (isWaiting && (await wait(LOOK_EVERY_MS, context.req.raw.signal)) === 'elapsed') {
        first = etag;
        continue;
      }
      context.header('etag', etag);
      if (record.status === 'in_progress') context.header('retry-after', '1');
      if (isKnown) return context.body(null, 304);
      return context.json(toBatchBody(record), 200);
    }
  });
}
