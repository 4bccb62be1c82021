import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { decisionListSchema } from '@spillway/contracts';
import type { JobReader } from '@spillway/redis';
import { toDecisionBodies } from '../views/decision-view.ts';
import { type AppEnv, jobIdOf, noSuchJob, pathIdSchema, problems } from './route-kit.ts';

export interface ListJobDecisionsDeps {
  readonly reader: JobReader;
}

const route = createRoute({
  operationId: 'listJobDecisions',
  method: 'get',
  path: '/v1/jobs/{id}/decisions',
  summary: 'Why the job ran where it ran, or waits',
  request: { params: pathIdSchema },
  responses: {
    200: { description: 'Oldest first', content: { 'application/json': { schema: decisionListSchema } } },
    ...problems('job-not-found', 'missing-api-key', 'invalid-api-key', 'store-unavailable'),
  },
});

export function registerListJobDecisions(app: OpenAPIHono<AppEnv>, { reader }: ListJobDecisionsDeps): void {
  app.openapi(route, async (context) => {
    const id = jobIdOf(context.req.valid('param').id);
    const [record, texts] = await Promise.all([reader.one(id), reader.decisions(id)]);
    if (record === undefined || record.tenantId !== context.get('tenantId')) throw noSuchJob();
    return context.json({ object: 'list' as const, data: toDecisionBodies(texts, record) }, 200);
  });
}
