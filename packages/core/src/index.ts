export { assertNever } from './assert-never.ts';
export { err, ok, type Result } from './result.ts';
export { isJsonObject, type JsonObject } from './json.ts';
export type { EpochMs } from './time.ts';
export {
  idFromUuid,
  parseId,
  type BatchId,
  type DeliveryId,
  type EventId,
  type FileId,
  type IdName,
  type JobId,
  type PartId,
  type UploadId,
  type WorkerId,
} from './id/id.ts';
export { parseName, type BackendId, type TenantId } from './id/name.ts';
export {
  ENDPOINTS,
  type AttemptOutcome,
  type BackendCheck,
  type BackendLocation,
  type Endpoint,
  type InferenceBackend,
  type InferenceRequest,
} from './backend/inference-backend.ts';
export { NO_USAGE, type Usage } from './backend/usage.ts';
export { BATCH_STATUSES, hasBatchEnded, type BatchStatus } from './batch/status.ts';
export { transitionBatch, type BatchEvent, type IllegalBatchTransition } from './batch/transition-batch.ts';
export { decideTurn, type BatchTurn, type BatchView, type TurnLimits } from './batch/decide-turn.ts';
export type { InputMistake } from './batch/input-mistake.ts';
export type { LineOutcome } from './batch/line-outcome.ts';
export { shareWindow } from './batch/share-window.ts';
export {
  isFailureKind,
  verdictOf,
  type FailureKind,
  type FailureReason,
  type Verdict,
} from './job/failure.ts';
export { MAX_RESCUES } from './job/rescue.ts';
export {
  decideRetry,
  decideRetryAfterCrash,
  DEFAULT_RETRY_POLICY,
  type RetryDecision,
  type RetryPolicy,
} from './job/retry.ts';
export {
  isJobStateKind,
  isTerminal,
  JOB_CLASSES,
  JOB_STATE_KINDS,
  type ExpiredClock,
  type JobClass,
  type JobState,
  type JobStateKind,
} from './job/state.ts';
export {
  transition,
  type IllegalTransition,
  type JobEvent,
  type JobEventKind,
  type JobLife,
} from './job/transition.ts';
export { PRIVACY_DETECTORS, type PrivacyDetector } from './analysis/privacy/finding.ts';
export { virtualTokens } from './fairness/virtual-tokens.ts';
export type { Candidate, Explanation } from './scheduling/explanation.ts';
export type { FilterCode } from './scheduling/filters/filter.ts';
export { plan, type Assignment, type Hold, type Plan } from './scheduling/plan.ts';
export {
  DEFAULT_POLICY,
  ROUTING_STRATEGIES,
  type BackendHealth,
  type BackendView,
  type JobView,
  type LaneView,
  type RoutingStrategy,
  type SchedulingPolicy,
  type Snapshot,
  type TenantView,
} from './scheduling/snapshot.ts';
export { estimateRequestTokens, estimateTokens, type TokenEstimate } from './analysis/tokens.ts';
export { requestText, UNREADABLE, type RequestPiece } from './analysis/request-text.ts';
export {
  decidePin,
  PRIVACY_CHOICES,
  type PinDecision,
  type PrivacyChoice,
} from './analysis/privacy/decide-pin.ts';
export type { DeliveryAnswer, DeliveryRefusal } from './delivery/answer.ts';
export { decideDelivery, type DeliveryDecision } from './delivery/decide-delivery.ts';
export { DELIVERY_SCHEDULE, type DeliverySchedule } from './delivery/schedule.ts';
