import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { documentBatchSchema } from '@spillway/contracts';
import type { BatchCreation } from '@spillway/redis';
import { z } from 'zod';
import { createdRecord } from '../../batches/created-record.ts';
import { webhookFor } from '../../batches/webhook-for.ts';
import { type AppEnv, idempotencyOf, problems } from '../../routes/route-kit.ts';
import { toDocumentBatch } from '../document-batch-view.ts';
import { type ReadSubmissionDeps, readSubmission, type Submission } from '../read-submission.ts';
import { type SubmitDocumentsDeps, submitDocuments } from '../submit-documents.ts';

export type CreateDocumentBatchDeps = ReadSubmissionDeps & SubmitDocumentsDeps;

const formSchema = z.strictObject({
  options: z.string().meta({ description: 'CreateDocumentBatchOptions as JSON' }),
  'documents[]': z
    .array(z.string().meta({ format: 'binary' }))
    .optional()
    .meta({ description: 'files; or `file_ids` of the options' }),
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
      description: 'Accepted: the documents are on disk',
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
      'store-unavailable',
    ),
  },
});

export function registerCreateDocumentBatch(app: OpenAPIHono<AppEnv>, deps: CreateDocumentBatchDeps): void {
  // Described here and read by hand, as a stream: the framework would put all documents into memory.
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, async (context) => {
    const tenantId = context.get('tenantId');
    const key = context.req.header('idempotency-key');
    // Refuses a key that is none before anything is written.
    idempotencyOf(key, deps.config().retention);
    const id = deps.newBatchId();
    const submission = await readSubmission(context.env.incoming, { tenantId, id }, deps);
    const { record, headers } = createdRecord(await submit(submission, key, deps));
    context.header('location', `/v1/document-batches/${record.id}`);
    return context.json(toDocumentBatch(record, Date.now()), 202, headers);
  });
}

async function submit(
  submission: Submission,
  key: string | undefined,
  deps: CreateDocumentBatchDeps,
): Promise<BatchCreation> {
  const { options, optionsText, documents, place } = submission;
  const named = documents.flatMap(({ document, sha256 }) => [document, sha256]);
  const { retention } = deps.config();
  const idempotency = idempotencyOf(key, retention, optionsText, ...named);
  const { instruction, schema, model, class: jobClass, strategy, privacy } = options;
  return submitDocuments(
    {
      ...place,
      documents,
      webhook: webhookFor(options.webhook, deps.config(), place.tenantId),
      completionWindow: options.completion_window,
      metadata: options.metadata ?? null,
      retainSeconds: options.retain_seconds,
      retryOf: undefined,
      options: {
        instruction,
        schema,
        model,
        max_output_tokens: options.max_output_tokens,
        class: jobClass,
        strategy,
        privacy,
        attempt_timeout_seconds: options.attempt_timeout_seconds,
        documents: documents.length,
      },
    },
    idempotency,
    deps,
  );
}
