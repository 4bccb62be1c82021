import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { prepareJob } from '@spillway/admission';
import { type Config, createJobRequestSchema, explanationSchema } from '@spillway/contracts';
import { type EpochMs, type JobId, NO_PREFIXES } from '@spillway/core';
import { explainJob } from '@spillway/planning';
import type { StoreSnapshot } from '@spillway/redis';
import { answerJson } from '../http/answer-json.ts';
import { readJson } from '../http/read-json.ts';
import { toExplanationBody } from '../views/decision-view.ts';
import { type AppEnv, problems, refused } from './route-kit.ts';

export interface ExplainJobDeps {
  /** The state of the cell as the scheduler would plan from it, without changing any of it. */
  readonly peek: () => Promise<StoreSnapshot>;
  /** Since when this process has been looking, by the store's clock. */
  readonly since: (nowMs: EpochMs) => EpochMs;
  readonly config: () => Config;
  readonly configVersion: () => string;
  readonly newJobId: () => JobId;
}

/** No leader makes this plan. */
const NO_EPOCH = 0;

const route = createRoute({
  operationId: 'explainJob',
  method: 'post',
  path: '/v1/jobs/explain',
  summary: 'What would happen to a job now, and why; nothing is written or charged',
  request: {
    body: { required: true, content: { 'application/json': { schema: createJobRequestSchema } } },
  },
  responses: {
    200: {
      description: 'The decision that the scheduler would make',
      content: { 'application/json': { schema: explanationSchema } },
    },
    ...problems(
      'invalid-request',
      'malformed-json',
      'model-not-found',
      'missing-api-key',
      'invalid-api-key',
      'request-too-large',
      'unsupported-media-type',
      'store-unavailable',
    ),
  },
});

export function registerExplainJob(app: OpenAPIHono<AppEnv>, deps: ExplainJobDeps): void {
  // Described here and read by hand, as a submission is: both refuse the same.
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, async (context) => {
    const { value: request } = await readJson(context, createJobRequestSchema);
    const config = deps.config();
    const prepared = prepareJob(request, deps.newJobId(), context.get('tenantId'), config);
    if (!prepared.ok) throw refused(prepared.error);
    const store = await deps.peek();
    const dryRun = explainJob(
      prepared.value,
      store,
      config,
      // What engines have in their prefix caches only the scheduler knows.
      { sinceMs: deps.since(store.nowMs), prefixes: NO_PREFIXES },
      { configVersion: deps.configVersion(), epoch: NO_EPOCH },
    );
    return answerJson(toExplanationBody(dryRun), 200, {});
  });
}
