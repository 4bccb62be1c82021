import type { OpenAPIHono } from '@hono/zod-openapi';
import type { EventDeps } from '../batches/stream-events.ts';
import type { ResultDeps } from '../batches/stream-results.ts';
import type { AppEnv } from '../routes/route-kit.ts';
import { registerCancelDocumentBatch } from './batches/cancel-document-batch.ts';
import {
  type CreateDocumentBatchDeps,
  registerCreateDocumentBatch,
} from './batches/create-document-batch.ts';
import { registerGetDocumentBatch } from './batches/get-document-batch.ts';
import { registerListDocumentBatches } from './batches/list-document-batches.ts';
import { registerListDocumentResults } from './batches/list-document-results.ts';
import { registerPauseDocumentBatch } from './batches/pause-document-batch.ts';
import { registerResumeDocumentBatch } from './batches/resume-document-batch.ts';
import { registerRetryDocumentBatch } from './batches/retry-document-batch.ts';
import { registerStreamDocumentBatchEvents } from './batches/stream-document-batch-events.ts';

export type DocumentDeps = CreateDocumentBatchDeps & EventDeps & ResultDeps;

/** Many documents, one instruction. */
export function registerDocumentRoutes(app: OpenAPIHono<AppEnv>, deps: DocumentDeps): void {
  registerCreateDocumentBatch(app, deps);
  registerListDocumentBatches(app, deps);
  registerGetDocumentBatch(app, deps);
  registerListDocumentResults(app, deps);
  registerStreamDocumentBatchEvents(app, deps);
  registerCancelDocumentBatch(app, deps);
  registerPauseDocumentBatch(app, deps);
  registerResumeDocumentBatch(app, deps);
  registerRetryDocumentBatch(app, deps);
}
