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
export { BURST_CREDIT, virtualTokens } from './fairness/virtual-tokens.ts';
export { createPrefixIndex, type PrefixIndex } from './affinity/prefix-index.ts';
export { requestPrefix } from './affinity/request-prefix.ts';
export { NO_PREFIXES, type PrefixHashes, type PrefixLookup } from './affinity/prefix-lookup.ts';
export { powerUnder, type Power } from './power/power-curve.ts';
export { cloudMs, TYPICAL_CLOUD, type CloudLatency } from './prediction/cloud-latency.ts';
export {
  decodeMs,
  prefillMs,
  RTX_4090,
  stepMs,
  workMs,
  type EngineProfile,
} from './prediction/engine-profile.ts';
export {
  cloudErrorRatio,
  cloudLatencyOf,
  learnCloudLatency,
  openCloudLatency,
  type CloudLatencyEstimate,
} from './prediction/learn-cloud-latency.ts';
export { learnOutputLength } from './prediction/learn-output-length.ts';
export {
  learnProfile,
  openProfileEstimate,
  profileErrorRatio,
  profileOf,
  type ProfileEstimate,
  type ProfileSample,
} from './prediction/learn-profile.ts';
export {
  learnReliability,
  TRUSTED,
  type AttemptEnd,
  type Reliability,
} from './prediction/learn-reliability.ts';
export {
  outputLengthKey,
  predictOutput,
  type OutputLength,
  type OutputLengths,
} from './prediction/output-length.ts';
export type { Candidate, Explanation, Prediction, Scored, Trigger } from './scheduling/explanation.ts';
export { FILTER_CODES, type FilterCode } from './scheduling/filters/filters.ts';
export { plan } from './scheduling/plan.ts';
export type { Assignment, Forecast, Hold, Plan, Promotion } from './scheduling/plan-result.ts';
export { DEFAULT_POLICY, type OverflowPolicy, type SchedulingPolicy } from './scheduling/policy.ts';
export type {
  BackendHealth,
  BackendView,
  BudgetView,
  FreshJob,
  JobView,
  LaneView,
  Snapshot,
  TenantView,
} from './scheduling/snapshot.ts';
export { estimateFinishAtMs } from './prediction/estimate-finish.ts';
export { learnPace, type Pace, paceMs, UNKNOWN_PACE } from './prediction/learn-pace.ts';
export { ORDER_RULES } from './scheduling/order/order.ts';
export { SCORER_NAMES, type ScorerName } from './scheduling/scorers/scorers.ts';
export {
  DEFAULT_STRATEGIES,
  ROUTING_STRATEGIES,
  rulesOut,
  type CloudUse,
  type RoutingStrategy,
  type ScorerWeights,
  type StrategyProfile,
} from './scheduling/strategy.ts';
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
