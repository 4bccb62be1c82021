export { closeRedis, openRedis, type ConnectionRole } from './connection.ts';
export { openCell, type Cell, type CellOptions } from './open-cell.ts';
export { confirmDurable } from './durability.ts';
export type { Redis } from 'ioredis';
export { createKeys, laneKey, parseLaneKey, type Keys, type LaneName } from './keys.ts';
export { isStoreUnavailable } from './store-unavailable.ts';
export type { JobFeatures, RecordedFeatures } from './jobs/job-features.ts';
export type { BatchPlace, JobDescription, NewJob } from './jobs/new-job.ts';
export {
  createSubmitJob,
  type IdempotencyKey,
  type RateLimit,
  type Submission,
  type SubmitLimits,
} from './jobs/submit-job.ts';
export { createFindReplay } from './jobs/find-replay.ts';
export { createClaimJobs, type Claim, type Lease } from './jobs/claim-jobs.ts';
export {
  createSettleJob,
  type BackendFault,
  type ServedBy,
  type Settlement,
  type SettleReply,
} from './jobs/settle-job.ts';
export { createCancelJob, type Cancellation } from './jobs/cancel-job.ts';
export { createJobReader, type JobReader, type Outlook } from './jobs/read-job.ts';
export { createListJobs, type JobPage, type ListFilter } from './jobs/list-jobs.ts';
export type { AttemptRecord, JobRecord } from './jobs/job-record.ts';
export {
  createBatchStore,
  type BatchChange,
  type BatchCreation,
  type BatchListFilter,
  type BatchPage,
  type BatchStore,
} from './batches/batch-store.ts';
export {
  createBatchWork,
  type BatchLease,
  type BatchTaking,
  type BatchWork,
  type FeedReply,
  type LeasedBatch,
  type LineFeed,
  type LineJob,
  type OutlivedBatch,
} from './batches/batch-work.ts';
export {
  BATCH_FACES,
  type BatchCounts,
  type BatchDescription,
  type BatchFace,
  type BatchRecord,
  type NewBatch,
  type Part,
} from './batches/batch-record.ts';
export type { FileRecord, NewFile } from './files/file-record.ts';
export type { FileListFilter, FilePage } from './files/read-files.ts';
export { createFileStore, type DueFile, type FileDeletion, type FileStore } from './files/file-store.ts';
export {
  createUploadStore,
  type DueUpload,
  type UploadCompletion,
  type UploadStore,
} from './files/upload-store.ts';
export type { NewUpload, UploadRecord } from './files/upload-record.ts';
export {
  createPeekSnapshot,
  createTakeSnapshot,
  type BackendState,
  type SnapshotOptions,
  type StoreSnapshot,
} from './scheduling/take-snapshot.ts';
export {
  createCommitPlan,
  type Commit,
  type CommitAssignment,
  type CommitReply,
  type Dispatch,
} from './scheduling/commit-plan.ts';
export { createLeaderElection, type LeaderElection, type Leadership } from './scheduling/leadership.ts';
export { createDuties, type Duties, type Rescue, type UnseenJob } from './scheduling/duties.ts';
export {
  createHeartbeat,
  createLeave,
  SILENT_IS_DEAD_MS,
  type Heartbeat,
  type HeartbeatReply,
} from './workers/heartbeat.ts';
export { backendDescriptorSchema, type BackendDescriptor } from './workers/descriptor.ts';
export { createReadDescriptor } from './workers/read-descriptor.ts';
export {
  createDeliveryConsumer,
  createDeliveryPublisher,
  type DeliveryConsumer,
  type DeliveryPublisher,
  type DeliveryTurn,
} from './queue/delivery-queue.ts';
export { createSignals, type Signals } from './events/signals.ts';
export { openEventLog, type EventLog, type EventLogOptions, type OutboxEvent } from './events/event-log.ts';
export {
  createDeliveryStore,
  type DeliveryAfter,
  type DeliveryAttempt,
  type DeliveryRecord,
  type DeliveryStore,
} from './events/delivery-store.ts';
export { createAuditCell, type CellAudit } from './reconcile/audit-cell.ts';
export { DRIFT_KINDS, type Drift, type DriftKind } from './reconcile/drift.ts';
export { createReconciler, type Reconciler } from './reconcile/reconciler.ts';
