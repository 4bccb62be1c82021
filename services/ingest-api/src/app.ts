import { OpenAPIHono } from '@hono/zod-openapi';
import type { Config } from '@spillway/contracts';
import type { BatchId, JobId } from '@spillway/core';
import {
  createBatchReader,
  createCancelJob,
  createFindReplay,
  createJobReader,
  createListJobs,
  createSubmitBatch,
  createSubmitJob,
  type Keys,
  type Redis,
} from '@spillway/redis';
import { type Logger, type Metrics, registerOpsRoutes } from '@spillway/service-kit';
import { authenticate } from './auth/authenticate.ts';
import type { FindTenant } from './auth/tenant-keys.ts';
import { createAwaitEnd } from './http/await-end.ts';
import type { EndedJobs } from './http/ended-jobs.ts';
import { invalidRequest } from './http/invalid-request.ts';
import { limitBody } from './http/limit-body.ts';
import { Problem } from './http/problem.ts';
import { renderProblem } from './http/render-problem.ts';
import { createHttpMetrics } from './http-metrics.ts';
import { registerCancelJob } from './routes/cancel-job.ts';
import { registerCreateDocumentBatch } from './routes/create-document-batch.ts';
import { registerCreateJob } from './routes/create-job.ts';
import { registerGetDocumentBatch } from './routes/get-document-batch.ts';
import { registerGetJob } from './routes/get-job.ts';
import { registerListDocumentResults } from './routes/list-document-results.ts';
import { registerListJobDecisions } from './routes/list-job-decisions.ts';
import { registerListJobs } from './routes/list-jobs.ts';
import type { AppEnv } from './routes/route-kit.ts';

export interface AppDeps {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly ended: EndedJobs;
  readonly config: () => Config;
  readonly findTenant: () => FindTenant;
  readonly newJobId: () => JobId;
  readonly newBatchId: () => BatchId;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const BATCHES_PATH = '/v1/document-batches';

/** All HTTP faces over one store. */
export function createApp(deps: AppDeps): OpenAPIHono<AppEnv> {
  const { redis, keys, config, logger, metrics, newJobId, newBatchId } = deps;
  const app = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(result.error);
    },
  });
  app.onError((error, context) => renderProblem(error, context, logger));
  app.notFound((context) =>
    renderProblem(
      new Problem('not-found', `there is no ${context.req.method} ${context.req.path}`),
      context,
      logger,
    ),
  );
  const httpMetrics = createHttpMetrics(metrics);
  app.use(httpMetrics.measure);
  registerOpsRoutes(app, {
    metrics,
    checks: { ready: async () => ({ ok: (await redis.ping()) === 'PONG' }) },
  });
  app.use('/v1/*', authenticate(deps.findTenant));
  app.use(
    '/v1/*',
    limitBody(({ req }) => {
      const { max_batch_bytes: batch, max_request_bytes: request } = config().limits;
      return req.path === BATCHES_PATH ? batch : request;
    }),
  );

  const reader = createJobReader(redis, keys);
  const batches = createBatchReader(redis, keys);
  const awaitEnd = createAwaitEnd(reader, deps.ended);
  registerCreateJob(app, {
    submit: createSubmitJob(redis, keys),
    findReplay: createFindReplay(redis, keys),
    reader,
    awaitEnd,
    config,
    newJobId,
    onSubmitted: httpMetrics.onSubmitted,
  });
  registerGetJob(app, { reader, awaitEnd });
  registerListJobs(app, { list: createListJobs(redis, keys, reader) });
  registerCancelJob(app, { cancel: createCancelJob(redis, keys), reader });
  registerListJobDecisions(app, { reader });
  registerCreateDocumentBatch(app, {
    submitBatch: createSubmitBatch(redis, keys),
    config,
    newBatchId,
    newJobId,
  });
  registerGetDocumentBatch(app, { batches });
  registerListDocumentResults(app, { batches, reader, logger });

  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', { type: 'http', scheme: 'bearer' });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Spillway',
      version: '0.1.0',
      description: 'Asynchronous inference: submit a job, be called back.',
    },
    security: [{ apiKey: [] }],
  });
  return app;
}
