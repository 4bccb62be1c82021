import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { type Config, createJobRequestSchema, DEFAULT_TENANT, jobSchema } from '@spillway/contracts';
import { assertNever, isTerminal, type JobId } from '@spillway/core';
import type { createSubmitJob, JobReader } from '@spillway/redis';
import { z } from 'zod';
import { prepareJob } from '../admission/prepare-job.ts';
import type { AwaitEnd } from '../http/await-end.ts';
import { preferredWait } from '../http/prefer-wait.ts';
import { Problem } from '../http/problem.ts';
import { etagOf, positionOf, toJobBody } from '../views/job-view.ts';
import {
  type AppEnv,
  conflict,
  countSchema,
  idempotencyOf,
  noSuchJob,
  overQuota,
  problems,
} from './route-kit.ts';

export interface CreateJobDeps {
  readonly submit: ReturnType<typeof createSubmitJob>;
  readonly reader: JobReader;
  readonly awaitEnd: AwaitEnd;
  readonly config: () => Config;
  readonly newJobId: () => JobId;
  readonly onSubmitted: (jobClass: string, outcome: string) => void;
}

const route = createRoute({
  operationId: 'createJob',
  method: 'post',
  path: '/v1/jobs',
  summary: 'Submit a job',
  request: {
    headers: z.object({
      'idempotency-key': z.string().optional(),
      prefer: z
        .string()
        .optional()
        .meta({ description: 'wait=N: answer with the finished job if it ends in N s' }),
    }),
    query: z.strictObject({ max_queue_length: countSchema.optional() }),
    body: { required: true, content: { 'application/json': { schema: createJobRequestSchema } } },
  },
  responses: {
    200: { description: 'Finished while you waited', content: { 'application/json': { schema: jobSchema } } },
    202: { description: 'Accepted: it is on disk', content: { 'application/json': { schema: jobSchema } } },
    ...problems(
      'invalid-request',
      'malformed-json',
      'model-not-found',
      'missing-api-key',
      'invalid-api-key',
      'job-not-found',
      'idempotency-conflict',
      'request-too-large',
      'unsupported-media-type',
      'tenant-quota-exceeded',
      'queue-too-long',
      'store-unavailable',
    ),
  },
});

export function registerCreateJob(app: OpenAPIHono<AppEnv>, deps: CreateJobDeps): void {
  app.openapi(route, async (context) => {
    const request = context.req.valid('json');
    const tenantId = context.get('tenantId');
    const config = deps.config();
    const prepared = prepareJob(request, deps.newJobId(), tenantId, config);
    if (!prepared.ok) {
      const { code, path, detail } = prepared.error;
      throw new Problem(code, detail, { errors: [{ path, message: detail }] });
    }
    const { max_queued_jobs: maxQueuedJobs } = config.tenants[tenantId] ?? DEFAULT_TENANT;
    const idempotency = idempotencyOf(context.req.header('idempotency-key'), await context.req.text());
    // Both go out together and are answered together: the position is read right behind the write.
    const [submission, firstPosition] = await Promise.all([
      deps.submit(
        prepared.value,
        { maxQueuedJobs, maxQueueLength: context.req.valid('query').max_queue_length },
        idempotency,
      ),
      deps.reader.position(prepared.value),
    ]);
    deps.onSubmitted(request.class, submission.kind);
    switch (submission.kind) {
      case 'accepted':
      case 'replayed': {
        const id = submission.kind === 'replayed' ? submission.id : prepared.value.id;
        // A command whose reply was lost is sent again by the connection, and then meets its own first run.
        if (id !== prepared.value.id) context.header('idempotency-replayed', 'true');
        const waitSeconds = preferredWait(context.req.header('prefer'));
        const isNew = submission.kind === 'accepted' && waitSeconds === 0;
        const record = isNew
          ? submission.record
          : await deps.awaitEnd(id, waitSeconds, context.req.raw.signal);
        // Of a replay: its job was kept for a shorter time than its key.
        if (record === undefined) throw noSuchJob();
        context.header('location', `/v1/jobs/${id}`);
        const position = isNew ? firstPosition : await positionOf(record, deps.reader);
        context.header('etag', etagOf(record, position));
        const isOver = isTerminal(record.state);
        if (!isOver) context.header('retry-after', '1');
        return context.json(toJobBody(record, position), isOver && waitSeconds > 0 ? 200 : 202);
      }
      case 'conflict':
        throw conflict();
      case 'over-quota':
        throw overQuota(submission.live, 1, maxQueuedJobs);
      case 'queue-too-long':
        throw new Problem('queue-too-long', `${submission.length} jobs wait for this model`, {
          headers: { 'retry-after': '5' },
        });
      default:
        return assertNever(submission);
    }
  });
}
