import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { jobSchema } from '@spillway/contracts';
import { isTerminal } from '@spillway/core';
import type { JobReader } from '@spillway/redis';
import { z } from 'zod';
import type { AwaitEnd } from '../http/await-end.ts';
import { matchesEtag } from '../http/etag.ts';
import { preferredWait } from '../http/prefer-wait.ts';
import { etagOf, positionOf, toJobBody } from '../views/job-view.ts';
import { type AppEnv, jobIdOf, noSuchJob, pathIdSchema, problems } from './route-kit.ts';

export interface GetJobDeps {
  readonly reader: JobReader;
  readonly awaitEnd: AwaitEnd;
}

const route = createRoute({
  operationId: 'getJob',
  method: 'get',
  path: '/v1/jobs/{id}',
  summary: 'Read a job',
  request: {
    params: pathIdSchema,
    headers: z.object({
      'if-none-match': z.string().optional(),
      prefer: z
        .string()
        .optional()
        .meta({ description: 'wait=N: hold the answer until the job ends, at most N s' }),
    }),
  },
  responses: {
    200: { description: 'The job as it is now', content: { 'application/json': { schema: jobSchema } } },
    304: { description: 'Not changed since the ETag' },
    ...problems('job-not-found', 'missing-api-key', 'invalid-api-key', 'store-unavailable'),
  },
});

export function registerGetJob(app: OpenAPIHono<AppEnv>, { reader, awaitEnd }: GetJobDeps): void {
  app.openapi(route, async (context) => {
    const id = jobIdOf(context.req.valid('param').id);
    const known = await reader.one(id);
    if (known === undefined || known.tenantId !== context.get('tenantId')) throw noSuchJob();
    const waitSeconds = preferredWait(context.req.header('prefer'));
    const record =
      waitSeconds > 0 && !isTerminal(known.state)
        ? await awaitEnd(id, waitSeconds, context.req.raw.signal)
        : known;
    if (record === undefined) throw noSuchJob();
    const position = await positionOf(record, reader);
    const etag = etagOf(record, position);
    context.header('etag', etag);
    if (!isTerminal(record.state)) context.header('retry-after', String(retryAfter(position)));
    if (matchesEtag(context.req.header('if-none-match'), etag)) return context.body(null, 304);
    return context.json(toJobBody(record, position), 200);
  });
}

/** About one job a second: soon for those that are next, half a minute for those far back. */
const retryAfter = (position: number | undefined): number =>
  Math.min(30, Math.max(1, Math.ceil((position ?? 0) / 10)));
