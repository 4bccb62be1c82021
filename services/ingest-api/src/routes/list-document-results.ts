import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { decisionSchema, documentResultSchema } from '@spillway/contracts';
import type { BatchId, JobId } from '@spillway/core';
import type { BatchReader, JobReader, JobRecord } from '@spillway/redis';
import { stream } from 'hono/streaming';
import { z } from 'zod';
import { Problem } from '../http/problem.ts';
import { toDocumentResult } from '../views/batch-view.ts';
import { type AppEnv, batchIdOf, pathIdSchema, problems } from './route-kit.ts';

export interface ListDocumentResultsDeps {
  readonly batches: BatchReader;
  readonly reader: JobReader;
}

const route = createRoute({
  operationId: 'listDocumentResults',
  method: 'get',
  path: '/v1/document-batches/{id}/results',
  summary: 'The outcomes so far, one JSON line a document, in the order they were sent',
  request: {
    params: pathIdSchema,
    query: z.strictObject({
      after: z.coerce
        .number()
        .int()
        .min(-1)
        .default(-1)
        .meta({ description: 'index of the last document not wanted' }),
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
const PAGE = 50;

export function registerListDocumentResults(app: OpenAPIHono<AppEnv>, deps: ListDocumentResultsDeps): void {
  app.openapi(route, async (context) => {
    const id = batchIdOf(context.req.valid('param').id);
    const record = await deps.batches.one(id);
    if (record === undefined || record.tenantId !== context.get('tenantId')) {
      throw new Problem(
        'batch-not-found',
        'no batch of yours has this id; it may have been kept for its time',
      );
    }
    const { after } = context.req.valid('query');
    context.header('content-type', 'application/x-ndjson');
    // A stream has no typed body: the declared answer is one line of it.
    const answer: unknown = stream(context, async (out) => {
      for (let start = after + 1; start < record.counts.total && !out.aborted; start += PAGE) {
        const lines = await readPage(id, start, deps);
        if (lines.length > 0) await out.write(lines.map((line) => `${line}\n`).join(''));
      }
    });
    return answer as never;
  });
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
