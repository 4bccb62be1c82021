import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { type Config, createJobRequestSchema, DEFAULT_TENANT, jobSchema } from '@spillway/contracts';
import { assertNever, isTerminal, type JobId } from '@spillway/core';
import type { createFindReplay, createSubmitJob, JobReader, Submission, SubmitLimits } from '@spillway/redis';
import { z } from 'zod';
import { prepareJob } from '@spillway/admission';
import type { AwaitEnd } from '../http/await-end.ts';
import { preferredWait } from '../http/prefer-wait.ts';
import { answerJson } from '../http/answer-json.ts';
import { Problem } from '../http/problem.ts';
import { readJson } from '../http/read-json.ts';
import { readQuery } from '../http/read-query.ts';
import { etagOf, outlookOf, toJobBody } from '../views/job-view.ts';
import {
  type AppEnv,
  conflict,
  countSchema,
  idempotencyOf,
  overQuota,
  problems,
  rateLimited,
  refused,
} from './route-kit.ts';

export interface CreateJobDeps {
  readonly submit: ReturnType<typeof createSubmitJob>;
  readonly findReplay: ReturnType<typeof createFindReplay>;
  readonly reader: JobReader;
  readonly awaitEnd: AwaitEnd;
  readonly config: () => Config;
  readonly newJobId: () => JobId;
  readonly onSubmitted: (jobClass: string, outcome: string) => void;
}

const querySchema = z.strictObject({ max_queue_length: countSchema.optional() });

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
    query: querySchema,
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
      'idempotency-conflict',
      'request-too-large',
      'unsupported-media-type',
      'tenant-quota-exceeded',
      'tenant-rate-limited',
      'queue-too-long',
      'store-unavailable',
    ),
  },
});

export function registerCreateJob(app: OpenAPIHono<AppEnv>, deps: CreateJobDeps): void {
  // Described here and read by hand: the framework's validators take longer than all the rest of a submission.
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, async (context) => {
    const { max_queue_length: maxQueueLength } = readQuery(context, querySchema);
    const { value: request, text } = await readJson(context, createJobRequestSchema);
    const tenantId = context.get('tenantId');
    const config = deps.config();
    const tenant = config.tenants[tenantId] ?? DEFAULT_TENANT;
    const limits: SubmitLimits = {
      maxQueuedJobs: tenant.max_queued_jobs,
      maxQueueLength,
      requestsPerMinute: tenant.requests_per_minute,
      tokensPerMinute: tenant.tokens_per_minute,
    };
    const idempotency = idempotencyOf(context.req.header('idempotency-key'), config.retention, text);
    const submit = async (): Promise<Submission> => {
      const prepared = prepareJob(request, deps.newJobId(), tenantId, config);
      if (prepared.ok) return deps.submit(prepared.value, limits, idempotency);
      // What was accepted once is not refused later because the configuration has changed in between.
      const earlier = idempotency && (await deps.findReplay(tenantId, idempotency));
      if (earlier !== undefined) return earlier;
      throw refused(prepared.error);
    };
    const submission = await submit();
    deps.onSubmitted(request.class, submission.kind);
    switch (submission.kind) {
      case 'accepted':
      case 'replayed': {
        const { record: first } = submission;
        // A replay is the first answer again, whatever became of the job since; who wants to wait asks for more.
        const waitSeconds = preferredWait(context.req.header('prefer'));
        const awaited =
          waitSeconds > 0 ? await deps.awaitEnd(first.id, waitSeconds, context.req.raw.signal) : undefined;
        const record = awaited ?? first;
        const outlook = awaited === undefined ? submission : await outlookOf(awaited, deps.reader);
        const isOver = isTerminal(record.state);
        return answerJson(toJobBody(record, outlook), isOver && waitSeconds > 0 ? 200 : 202, {
          location: `/v1/jobs/${first.id}`,
          etag: etagOf(record, outlook),
          ...(!isOver && { 'retry-after': '1' }),
          ...(submission.kind === 'replayed' && { 'idempotency-replayed': 'true' }),
        });
      }
      case 'conflict':
        throw conflict();
      case 'over-quota':
        throw overQuota(submission.live, 1, limits.maxQueuedJobs);
      case 'queue-too-long':
        throw new Problem('queue-too-long', `${submission.length} jobs wait for this model`, {
          headers: { 'retry-after': '5' },
        });
      case 'rate-limited':
        throw rateLimited(submission);
      default:
        return assertNever(submission);
    }
  });
}
