import { createHash } from 'node:crypto';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import {
  type Config,
  createDocumentBatchOptionsSchema,
  DEFAULT_TENANT,
  documentBatchSchema,
} from '@spillway/contracts';
import { assertNever, type BatchId, type JobId } from '@spillway/core';
import type { BatchReader, createSubmitBatch } from '@spillway/redis';
import { z } from 'zod';
import { prepareBatch, type SentDocument } from '../admission/prepare-batch.ts';
import { Problem } from '../http/problem.ts';
import { invalidRequest } from '../http/invalid-request.ts';
import { toBatchBody } from '../views/batch-view.ts';
import { type AppEnv, conflict, idempotencyOf, overQuota, problems } from './route-kit.ts';

export interface CreateDocumentBatchDeps {
  readonly submitBatch: ReturnType<typeof createSubmitBatch>;
  readonly batches: BatchReader;
  readonly config: () => Config;
  readonly newBatchId: () => BatchId;
  readonly newJobId: () => JobId;
}

const formSchema = z.object({
  options: z.string().meta({ description: 'CreateDocumentBatchOptions as JSON' }),
  'documents[]': z
    .array(z.instanceof(File))
    .min(1, { error: 'send at least one file' })
    .meta({ type: 'array', items: { type: 'string', format: 'binary' } }),
});

const route = createRoute({
  operationId: 'createDocumentBatch',
  method: 'post',
  path: '/v1/document-batches',
  summary: 'Submit documents with one instruction',
  request: { body: { required: true, content: { 'multipart/form-data': { schema: formSchema } } } },
  responses: {
    202: {
      description: 'Accepted: the batch and all its jobs are on disk',
      content: { 'application/json': { schema: documentBatchSchema } },
    },
    ...problems(
      'invalid-request',
      'model-not-found',
      'missing-api-key',
      'invalid-api-key',
      'idempotency-conflict',
      'request-too-large',
      'tenant-quota-exceeded',
      'store-unavailable',
    ),
  },
});

export function registerCreateDocumentBatch(app: OpenAPIHono<AppEnv>, deps: CreateDocumentBatchDeps): void {
  app.openapi(route, async (context) => {
    const form = context.req.valid('form');
    const config = deps.config();
    const tenantId = context.get('tenantId');
    const options = parseOptions(form.options);
    const documents = await readFiles(form['documents[]'], config.limits.max_batch_documents);
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
      form.options,
      ...documents.flatMap(({ name, bytes }) => [name, createHash('sha256').update(bytes).digest('hex')]),
    );
    const submission = await deps.submitBatch(prepared.value, maxQueuedJobs, idempotency);
    switch (submission.kind) {
      case 'accepted':
      case 'replayed': {
        const batchId = submission.kind === 'replayed' ? submission.id : id;
        const record = await deps.batches.one(batchId);
        if (record === undefined)
          throw new Problem('batch-not-found', 'the batch was kept for its time and deleted');
        if (submission.kind === 'replayed') context.header('idempotency-replayed', 'true');
        context.header('location', `/v1/document-batches/${batchId}`);
        return context.json(toBatchBody(record), 202);
      }
      case 'conflict':
        throw conflict();
      case 'over-quota':
        throw overQuota(submission.live, maxQueuedJobs);
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

async function readFiles(files: readonly File[], most: number): Promise<readonly SentDocument[]> {
  if (files.length > most) {
    throw new Problem(
      'request-too-large',
      `${files.length} documents: at most ${most} fit one batch, send several`,
    );
  }
  return Promise.all(
    files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
  );
}
