export * from './ids.ts';
export { metadataSchema, type Metadata } from './metadata.ts';
export { problemSchema, PROBLEMS, type ProblemBody, type ProblemCode } from './problems.ts';
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
export { candidateSchema, decisionListSchema, decisionSchema, type DecisionBody } from './jobs/decision.ts';
export {
  createDocumentBatchOptionsSchema,
  documentBatchSchema,
  documentResultSchema,
  type CreateDocumentBatchInput,
  type CreateDocumentBatchOptions,
  type DocumentBatchBody,
  type DocumentResult,
} from './documents/document-batch.ts';
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
export { configSchema, DEFAULT_TENANT, type Config, type TenantConfig } from './config/config.ts';
export { modelGroups } from './config/model-groups.ts';
