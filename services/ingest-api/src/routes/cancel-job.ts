import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { jobSchema } from '@spillway/contracts';
import type { createCancelJob, JobReader } from '@spillway/redis';
import { toJobBody } from '../views/job-view.ts';
import { type AppEnv, jobIdOf, noSuchJob, pathIdSchema, problems } from './route-kit.ts';

export interface CancelJobDeps {
  readonly cancel: ReturnType<typeof createCancelJob>;
  readonly reader: JobReader;
}

const route = createRoute({
  operationId: 'cancelJob',
  method: 'post',
  path: '/v1/jobs/{id}/cancel',
  summary: 'Cancel a job; asking again changes nothing',
  request: { params: pathIdSchema },
  responses: {
    200: { description: 'The job as it is now', content: { 'application/json': { schema: jobSchema } } },
    ...problems('job-not-found', 'missing-api-key', 'invalid-api-key', 'store-unavailable'),
  },
});

export function registerCancelJob(app: OpenAPIHono<AppEnv>, { cancel, reader }: CancelJobDeps): void {
  app.openapi(route, async (context) => {
    const id = jobIdOf(context.req.valid('param').id);
    const cancellation = await cancel(id, context.get('tenantId'));
    const record = cancellation.kind === 'not-found' ? undefined : await reader.one(id);
    if (record === undefined) throw noSuchJob();
    return context.json(toJobBody(record), 200);
  });
}
