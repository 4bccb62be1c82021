import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { documentBatchSchema } from '@spillway/contracts';
import { hasBatchEnded } from '@spillway/core';
import type { BatchStore } from '@spillway/redis';
import { z } from 'zod';
import { awaitChange } from '../../batches/await-change.ts';
import { findBatch } from '../../batches/batch-routes.ts';
import type { Places } from '../../batches/places.ts';
import { matchesEtag } from '../../http/etag.ts';
import { preferredWait } from '../../http/prefer-wait.ts';
import { type AppEnv, noSuchBatch, pathIdSchema, problems } from '../../routes/route-kit.ts';
import { etagOf, toDocumentBatch } from '../document-batch-view.ts';

export interface GetDocumentBatchDeps {
  readonly places: Places;
  readonly batches: BatchStore;
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
        .meta({ description: 'wait=N: hold the answer until the batch changes, at most N s' }),
    }),
  },
  responses: {
    200: {
      description: 'The batch as it is now',
      content: { 'application/json': { schema: documentBatchSchema } },
    },
    304: { description: 'Not changed since the ETag' },
    ...problems(
      'batch-not-found',
      'missing-api-key',
      'invalid-api-key',
      'too-many-streams',
      'store-unavailable',
    ),
  },
});

export function registerGetDocumentBatch(
  app: OpenAPIHono<AppEnv>,
  { batches, places }: GetDocumentBatchDeps,
): void {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const known = context.req.header('if-none-match');
    const first = await findBatch(batches, 'documents', id, context.get('tenantId'));
    // Who knows another version than this has not heard of the last change: there is nothing to wait for.
    const isUnheard = known !== undefined && !matchesEtag(known, etagOf(first));
    const waitSeconds = isUnheard ? 0 : preferredWait(context.req.header('prefer'));
    const { signal } = context.req.raw;
    // Who waits looks at the store as often as who is streamed to.
    const giveBack = waitSeconds > 0 ? places.take(first.tenantId, signal) : undefined;
    const record = await awaitChange(batches, first, waitSeconds, signal).finally(() => giveBack?.());
    if (record === undefined) throw noSuchBatch();
    const etag = etagOf(record);
    context.header('etag', etag);
    if (!hasBatchEnded(record.status)) context.header('retry-after', '1');
    if (matchesEtag(known, etag)) return context.body(null, 304);
    return context.json(toDocumentBatch(record, Date.now()), 200);
  });
}
