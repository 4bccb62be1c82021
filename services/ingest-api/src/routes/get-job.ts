import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { jobSchema } from '@spillway/contracts';
import { isTerminal } from '@spillway/core';
import type { JobReader, Outlook } from '@spillway/redis';
import { z } from 'zod';
import type { AwaitEnd } from '../http/await-end.ts';
import { matchesEtag } from '../http/etag.ts';
import { preferredWait } from '../http/prefer-wait.ts';
import { etagOf, outlookOf, toJobBody } from '../views/job-view.ts';
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
    const outlook = await outlookOf(record, reader);
    const etag = etagOf(record, outlook);
    context.header('etag', etag);
    if (!isTerminal(record.state)) context.header('retry-after', String(retryAfter(outlook, Date.now())));
    if (matchesEtag(context.req.header('if-none-match'), etag)) return context.body(null, 304);
    return context.json(toJobBody(record, outlook), 200);
  });
}

const SOONEST_SECONDS = 1;
const LATEST_SECONDS = 30;

/** When it is expected to be ready, in seconds; about one job a second where nobody can tell. Half a minute at most. */
function retryAfter({ position = 0, estimatedFinishAtMs }: Outlook, nowMs: number): number {
  const seconds = estimatedFinishAtMs === undefined ? position / 10 : (estimatedFinishAtMs - nowMs) / 1000;
  return Math.min(LATEST_SECONDS, Math.max(SOONEST_SECONDS, Math.ceil(seconds)));
}
