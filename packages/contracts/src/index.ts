export * from './ids.ts';
export { metadataSchema, type Metadata } from './metadata.ts';
export { problemSchema, PROBLEMS, type ProblemBody, type ProblemCode } from './problems.ts';
export { openaiErrorSchema, type OpenAIErrorBody } from './openai/error.ts';
export {
  createFileFieldsSchema,
  expiresAfterSchema,
  FILE_PURPOSES,
  fileDeletedSchema,
  fileListSchema,
  fileObjectSchema,
  listFilesQuerySchema,
  UPLOAD_PURPOSES,
  type FileListBody,
  type FileObject,
  type FilePurpose,
} from './openai/files.ts';
export {
  completeUploadRequestSchema,
  createUploadRequestSchema,
  MOST_PART_BYTES,
  MOST_PARTS,
  uploadObjectSchema,
  uploadPartSchema,
  type CreateUploadRequest,
  type UploadObject,
  type UploadPartBody,
  type UploadStatus,
} from './openai/uploads.ts';
export {
  BATCH_ENDPOINTS,
  batchListSchema,
  batchObjectSchema,
  batchResultSchema,
  createBatchRequestSchema,
  listBatchesQuerySchema,
  type BatchEndpoint,
  type BatchListBody,
  type BatchObject,
  type CreateBatchRequest,
} from './openai/batches.ts';
export { anthropicErrorSchema, type AnthropicErrorBody } from './anthropic/error.ts';
export {
  createMessageBatchRequestSchema,
  listMessageBatchesQuerySchema,
  messageBatchDeletedSchema,
  messageBatchListSchema,
  messageBatchResultSchema,
  messageBatchSchema,
  type MessageBatchBody,
  type MessageBatchListBody,
} from './anthropic/batches.ts';
export { createJobRequestSchema, type CreateJobInput, type CreateJobRequest } from './jobs/create-job.ts';
export {
  attemptSchema,
  JOB_STATUSES,
  jobListSchema,
  jobSchema,
  listJobsQuerySchema,
  servedBySchema,
  usageSchema,
  type AttemptBody,
  type JobBody,
  type JobListBody,
  type JobStatus,
  type ListJobsQuery,
  type UsageBody,
} from './jobs/job.ts';
export {
  candidateSchema,
  decisionListSchema,
  decisionOutcomeSchema,
  decisionSchema,
  explanationSchema,
  type CandidateBody,
  type DecisionBody,
  type DecisionOutcome,
  type ExplanationBody,
} from './jobs/decision.ts';
export {
  createDocumentBatchOptionsSchema,
  documentBatchListSchema,
  documentBatchSchema,
  documentResultSchema,
  seenDocumentResultSchema,
  type CreateDocumentBatchInput,
  type CreateDocumentBatchOptions,
  type DocumentBatchBody,
  type DocumentBatchListBody,
  type DocumentResult,
  type SeenDocumentResult,
} from './documents/document-batch.ts';
export {
  manifestLineSchema,
  storedDocumentOptionsSchema,
  type ManifestLine,
  type StoredDocumentOptions,
} from './documents/stored.ts';
export { EVENT_TYPES, webhookEventSchema, type EventType, type WebhookEvent } from './webhooks/event.ts';
export { webhookTargetSchema, type WebhookTarget } from './webhooks/target.ts';
export { deliveryHintSchema, type DeliveryHint } from './queue/hints.ts';
export {
  backendSchema,
  cloudBackendSchema,
  isLocalBackend,
  localBackendSchema,
  type BackendConfig,
  type CloudBackendConfig,
  type LocalBackendConfig,
} from './config/backend.ts';
export {
  configSchema,
  DEFAULT_TENANT,
  type Config,
  type StorageConfig,
  type TenantConfig,
} from './config/config.ts';
export { backendsServing, modelGroups } from './config/model-groups.ts';
export { backendsOfCell, configOfCell, requireCell, requireOwnBackend } from './config/cell-config.ts';
export { cellOf } from './config/cell-of.ts';
export { cellNames, type CellsConfig } from './config/cells.ts';
export { schedulingPolicy } from './config/scheduling-policy.ts';
