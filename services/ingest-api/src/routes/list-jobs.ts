import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { jobListSchema, listJobsQuerySchema } from '@spillway/contracts';
import type { createListJobs } from '@spillway/redis';
import { STATES_OF, toJobBody } from '../views/job-view.ts';
import { type AppEnv, problems } from './route-kit.ts';

export interface ListJobsDeps {
  readonly list: ReturnType<typeof createListJobs>;
}

const route = createRoute({
  operationId: 'listJobs',
  method: 'get',
  path: '/v1/jobs',
  summary: 'List your jobs, newest first',
  request: { query: listJobsQuerySchema },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: jobListSchema } } },
    ...problems('invalid-request', 'missing-api-key', 'invalid-api-key', 'store-unavailable'),
  },
});

export function registerListJobs(app: OpenAPIHono<AppEnv>, { list }: ListJobsDeps): void {
  app.openapi(route, async (context) => {
    const { status, class: jobClass, batch_id: batchId, after, limit } = context.req.valid('query');
    const states = status === undefined ? undefined : STATES_OF[status];
    const page = await list(context.get('tenantId'), { states, jobClass, batchId, after, limit });
    const data = page.jobs.map((record) => toJobBody(record));
    // A page that a filter left short goes on behind the last job looked at, which need not be one that is shown.
    const ends = { first_id: data[0]?.id ?? null, last_id: page.next ?? data.at(-1)?.id ?? null };
    return context.json({ object: 'list' as const, data, ...ends, has_more: page.next !== undefined }, 200);
  });
}
