import { OpenAPIHono } from '@hono/zod-openapi';
import type { BlobStore } from '@spillway/blobs';
import type { Config } from '@spillway/contracts';
import { createFirstInstant } from '@spillway/planning';
import {
  createBatchStore,
  createCancelJob,
  createFileStore,
  createFindReplay,
  createJobReader,
  createListJobs,
  createPeekSnapshot,
  createSubmitJob,
  createUploadStore,
  type Keys,
  type Redis,
} from '@spillway/redis';
import { type Logger, type Metrics, type Readiness, registerOpsRoutes } from '@spillway/service-kit';
import { registerAnthropicRoutes } from './anthropic/register-anthropic-routes.ts';
import { authenticate } from './auth/authenticate.ts';
import type { FindTenant } from './auth/tenant-keys.ts';
import { createPlaces } from './batches/places.ts';
import { registerDocumentRoutes } from './documents/register-document-routes.ts';
import { createAwaitEnd } from './http/await-end.ts';
import { bodyLimitOf } from './http/body-limit-of.ts';
import type { EndedJobs } from './http/ended-jobs.ts';
import { invalidRequest } from './http/invalid-request.ts';
import { limitBody } from './http/limit-body.ts';
import { Problem } from './http/problem.ts';
import { renderProblem } from './http/render-problem.ts';
import { sendRequestId } from './http/request-id.ts';
import type { HttpMetrics } from './http-metrics.ts';
import type { NewIds } from './new-ids.ts';
import { registerOpenAIRoutes } from './openai/register-openai-routes.ts';
import { shareSnapshot } from './planning/share-snapshot.ts';
import { registerNativeRoutes } from './routes/register-native-routes.ts';
import type { AppEnv } from './routes/route-kit.ts';

export interface AppDeps {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly blobs: BlobStore;
  readonly ended: EndedJobs;
  readonly config: () => Config;
  readonly configVersion: () => string;
  readonly findTenant: () => FindTenant;
  readonly ids: NewIds;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly httpMetrics: HttpMetrics;
  readonly ready: () => Promise<Readiness>;
}

/** Streams of one tenant that follow batches, each with its looks at the store. */
const MOST_STREAMS = 100;

/** All HTTP faces over the store of one cell. */
export function createApp(deps: AppDeps): OpenAPIHono<AppEnv> {
  const { redis, keys, blobs, config, ids, logger, metrics, httpMetrics } = deps;
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
  app.use(httpMetrics.measure);
  registerOpsRoutes(app, { metrics, checks: { ready: deps.ready } });
  app.use('/v1/*', sendRequestId);
  app.use('/v1/*', authenticate(deps.findTenant));
  app.use(
    '/v1/*',
    limitBody(({ req }) => bodyLimitOf(req.method, req.path, config().limits)),
  );

  const reader = createJobReader(redis, keys);
  registerNativeRoutes(app, {
    ...ids,
    submit: createSubmitJob(redis, keys),
    findReplay: createFindReplay(redis, keys),
    reader,
    awaitEnd: createAwaitEnd(reader, deps.ended),
    list: createListJobs(redis, keys, reader),
    cancel: createCancelJob(redis, keys),
    config,
    configVersion: deps.configVersion,
    peek: shareSnapshot(createPeekSnapshot(redis, keys, { groupRun: config().routing.batch_group_run }), () =>
      performance.now(),
    ),
    since: createFirstInstant(),
    onSubmitted: httpMetrics.onSubmitted,
  });
  const shared = {
    ...ids,
    batches: createBatchStore(redis, keys),
    files: createFileStore(redis, keys),
    places: createPlaces(MOST_STREAMS),
    blobs,
    config,
    logger,
  };
  registerOpenAIRoutes(app, { ...shared, uploads: createUploadStore(redis, keys) });
  registerAnthropicRoutes(app, shared);
  registerDocumentRoutes(app, shared);

  describeApi(app);
  return app;
}

function describeApi(app: OpenAPIHono<AppEnv>): void {
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
}
