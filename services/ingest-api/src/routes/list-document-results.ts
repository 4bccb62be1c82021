import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { decisionSchema, documentResultSchema } from '@spillway/contracts';
import type { BatchId, JobId } from '@spillway/core';
import type { BatchReader, JobReader, JobRecord } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import { z } from 'zod';
import { openLines } from '../http/open-lines.ts';
import { toDocumentResult } from '../views/batch-view.ts';
import { type AppEnv, batchIdOf, countSchema, noSuchBatch, pathIdSchema, problems } from './route-kit.ts';

export interface ListDocumentResultsDeps {
  readonly batches: BatchReader;
  readonly reader: JobReader;
  readonly logger: Logger;
}

const route = createRoute({
  operationId: 'listDocumentResults',
  method: 'get',
  path: '/v1/document-batches/{id}/results',
  summary: 'The outcomes so far, one JSON line a document, in the order they were sent',
  request: {
    params: pathIdSchema,
    query: z.strictObject({
      after: countSchema.optional().meta({ description: 'index of the last document not wanted' }),
    }),
  },
  responses: {
    200: {
      description: 'Readable while the batch runs; documents without an outcome are left out',
      content: { 'application/x-ndjson': { schema: documentResultSchema } },
    },
    ...problems(
      'invalid-request',
      'batch-not-found',
      'missing-api-key',
      'invalid-api-key',
      'store-unavailable',
    ),
  },
});

/** Records read at once: results may be large, and the client may read slowly. */
const PAGE = 20;
const LONGEST_IDLE_MS = 60_000;

export function registerListDocumentResults(app: OpenAPIHono<AppEnv>, deps: ListDocumentResultsDeps): void {
  app.openapi(route, async (context) => {
    const id = batchIdOf(context.req.valid('param').id);
    const record = await deps.batches.one(id);
    if (record === undefined || record.tenantId !== context.get('tenantId')) throw noSuchBatch();
    const start = (context.req.valid('query').after ?? -1) + 1;
    const body = await openLines(readPages(id, start, record.counts.total, deps), {
      idleMs: LONGEST_IDLE_MS,
      onFailure: (error) => deps.logger.warn({ event: 'results.cut', batch: id, error }),
    });
    // A stream has no typed body: the declared answer is one line of it.
    const answer: unknown = context.body(body, 200, { 'content-type': 'application/x-ndjson' });
    return answer as never;
  });
}

async function* readPages(
  id: BatchId,
  from: number,
  total: number,
  deps: ListDocumentResultsDeps,
): AsyncGenerator<string, void, undefined> {
  for (let start = from; start < total; start += PAGE) {
    const lines = await readPage(id, start, deps);
    if (lines.length > 0) yield lines.map((line) => `${line}\n`).join('');
  }
}

async function readPage(
  id: BatchId,
  start: number,
  { batches, reader }: ListDocumentResultsDeps,
): Promise<readonly string[]> {
  const items = await batches.items(id, start, PAGE);
  const ids = items.flatMap(({ job }) => (job === undefined ? [] : [job]));
  const records = new Map((await reader.many(ids)).map((record): [JobId, JobRecord] => [record.id, record]));
  return Promise.all(
    items.map(async (item) => {
      const job = item.job === undefined ? undefined : records.get(item.job);
      const trigger = job?.servedBy?.location === 'cloud' ? await lastTrigger(job.id, reader) : undefined;
      const result = toDocumentResult(item, job, trigger);
      return result === undefined ? '' : JSON.stringify(result);
    }),
  ).then((lines) => lines.filter((line) => line !== ''));
}

async function lastTrigger(id: JobId, reader: JobReader): Promise<string | undefined> {
  const decisions = (await reader.decisions(id)).map((text) => decisionSchema.parse(JSON.parse(text)));
  return decisions.findLast(({ action }) => action === 'assign')?.trigger ?? undefined;
}
