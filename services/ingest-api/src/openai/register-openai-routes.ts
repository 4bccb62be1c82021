import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../routes/route-kit.ts';
import type { EventDeps } from '../batches/stream-events.ts';
import type { ResultDeps } from '../batches/stream-results.ts';
import { registerCancelBatch } from './batches/cancel-batch.ts';
import { registerCreateBatch } from './batches/create-batch.ts';
import { registerGetBatch } from './batches/get-batch.ts';
import { registerListBatchResults } from './batches/list-batch-results.ts';
import { registerListBatches } from './batches/list-batches.ts';
import { registerPauseBatch } from './batches/pause-batch.ts';
import { registerResumeBatch } from './batches/resume-batch.ts';
import { registerRetryBatch, type RetryBatchDeps } from './batches/retry-batch.ts';
import { registerStreamBatchEvents } from './batches/stream-batch-events.ts';
import { type CreateFileDeps, registerCreateFile } from './files/create-file.ts';
import { registerDeleteFile } from './files/delete-file.ts';
import { type DownloadFileDeps, registerDownloadFile } from './files/download-file.ts';
import { registerListFiles } from './files/list-files.ts';
import { registerRetrieveFile } from './files/retrieve-file.ts';
import { type AddUploadPartDeps, registerAddUploadPart } from './uploads/add-upload-part.ts';
import { registerCancelUpload } from './uploads/cancel-upload.ts';
import { registerCompleteUpload } from './uploads/complete-upload.ts';
import { type CreateUploadDeps, registerCreateUpload } from './uploads/create-upload.ts';

export type OpenAIDeps = CreateFileDeps & DownloadFileDeps & CreateUploadDeps & AddUploadPartDeps & BatchDeps;
type BatchDeps = RetryBatchDeps & EventDeps & ResultDeps;

/** What OpenAI's clients call. */
export function registerOpenAIRoutes(app: OpenAPIHono<AppEnv>, deps: OpenAIDeps): void {
  registerCreateFile(app, deps);
  registerListFiles(app, deps);
  registerRetrieveFile(app, deps);
  registerDownloadFile(app, deps);
  registerDeleteFile(app, deps);
  registerCreateUpload(app, deps);
  registerAddUploadPart(app, deps);
  registerCompleteUpload(app, deps);
  registerCancelUpload(app, deps);
  registerBatches(app, deps);
}

function registerBatches(app: OpenAPIHono<AppEnv>, deps: BatchDeps): void {
  registerCreateBatch(app, deps);
  registerListBatches(app, deps);
  registerGetBatch(app, deps);
  registerListBatchResults(app, deps);
  registerStreamBatchEvents(app, deps);
  registerCancelBatch(app, deps);
  registerPauseBatch(app, deps);
  registerResumeBatch(app, deps);
  registerRetryBatch(app, deps);
}
