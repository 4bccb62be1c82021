import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import {
  type Config,
  createDocumentBatchOptionsSchema,
  DEFAULT_TENANT,
  documentBatchSchema,
} from '@spillway/contracts';
import { assertNever, type BatchId, type JobId } from '@spillway/core';
import type { createSubmitBatch, NewBatch } from '@spillway/redis';
import { z } from 'zod';
import { prepareBatch } from '../admission/prepare-batch.ts';
import { Problem } from '../http/problem.ts';
import { invalidRequest } from '../http/invalid-request.ts';
import { limitParts } from '../http/limit-parts.ts';
import { toBatchBody } from '../views/batch-view.ts';
import { type AppEnv, conflict, idempotencyOf, overQuota, problems } from './route-kit.ts';

export interface CreateDocumentBatchDeps {
  readonly submitBatch: ReturnType<typeof createSubmitBatch>;
  readonly config: () => Config;
  readonly newBatchId: () => BatchId;
  readonly newJobId: () => JobId;
}

const formSchema = z.strictObject({
  options: z.string().meta({ description: 'CreateDocumentBatchOptions as JSON' }),
  'documents[]': z
    .array(z.instanceof(File, { error: 'not a file: its part has no file name' }), {
      error: 'send at least one file',
    })
    .meta({ type: 'array', items: { type: 'string', format: 'binary' } }),
});

const route = createRoute({
  operationId: 'createDocumentBatch',
  method: 'post',
  path: '/v1/document-batches',
  summary: 'Submit documents with one instruction',
  request: {
    headers: z.object({ 'idempotency-key': z.string().optional() }),
    body: { required: true, content: { 'multipart/form-data': { schema: formSchema } } },
  },
  responses: {
    202: {
      description: 'Accepted: the batch and all its jobs are on disk',
      content: { 'application/json': { schema: documentBatchSchema } },
    },
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
      'store-unavailable',
    ),
  },
});

export function registerCreateDocumentBatch(app: OpenAPIHono<AppEnv>, deps: CreateDocumentBatchDeps): void {
  // The options are a part of their own; one file more than allowed is let through to be told how many there were.
  app.on(
    'POST',
    route.path,
    limitParts(() => deps.config().limits.max_batch_documents + 2),
  );
  app.openapi(route, async (context) => {
    const form = context.req.valid('form');
    const config = deps.config();
    const tenantId = context.get('tenantId');
    const options = parseOptions(form.options);
    const documents = form['documents[]'];
    const { max_batch_documents: most } = config.limits;
    if (documents.length > most) {
      const detail = `${documents.length} documents: at most ${most} fit one batch, send several`;
      throw new Problem('request-too-large', detail);
    }
    const id = deps.newBatchId();
    const prepared = await prepareBatch(id, options, documents, {
      config,
      tenantId,
      newJobId: deps.newJobId,
    });
    if (!prepared.ok) {
      const { code, path, detail } = prepared.error;
      throw new Problem(code, detail, { errors: [{ path, message: detail }] });
    }
    const { max_queued_jobs: maxQueuedJobs } = config.tenants[tenantId] ?? DEFAULT_TENANT;
    const idempotency = idempotencyOf(
      context.req.header('idempotency-key'),
      config.retention,
      form.options,
      ...prepared.value.items.flatMap(({ document, sha256 }) => [document, sha256]),
    );
    const submission = await deps.submitBatch(prepared.value, maxQueuedJobs, idempotency);
    switch (submission.kind) {
      case 'accepted':
      case 'replayed': {
        const { record } = submission;
        if (submission.kind === 'replayed') context.header('idempotency-replayed', 'true');
        context.header('location', `/v1/document-batches/${record.id}`);
        return context.json(toBatchBody(record), 202);
      }
      case 'conflict':
        throw conflict();
      case 'over-quota':
        throw overQuota(submission.live, countJobs(prepared.value), maxQueuedJobs);
      default:
        return assertNever(submission);
    }
  });
}

function parseOptions(text: string) {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new Problem('malformed-json', 'the part "options" is not valid JSON');
  }
  const options = createDocumentBatchOptionsSchema.safeParse(raw);
  if (!options.success) throw invalidRequest(options.error, ['options']);
  return options.data;
}

const countJobs = ({ items }: NewBatch): number => items.filter((item) => 'job' in item).length;
