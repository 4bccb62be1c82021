import type { AttemptBody, JobBody, JobStatus, UsageBody } from '@spillway/contracts';
import { assertNever, type EpochMs, isTerminal, type JobStateKind, type Usage } from '@spillway/core';
import type { AttemptRecord, JobReader, JobRecord, Outlook } from '@spillway/redis';

/** The states a wire status stands for. */
export const STATES_OF: Record<JobStatus, readonly JobStateKind[]> = {
  queued: ['queued', 'dispatched'],
  running: ['running'],
  completed: ['completed'],
  failed: ['failed'],
  cancelled: ['cancelled'],
  expired: ['expired'],
};

/** Nothing to be told of what is to come. */
const OVER: Outlook = { position: undefined, estimatedFinishAtMs: undefined };

/** Where a job stands and when it will be ready; nothing of one that has ended. */
export const outlookOf = async (record: JobRecord, reader: JobReader): Promise<Outlook> =>
  isTerminal(record.state) ? OVER : reader.outlook(record);

/** A record as the wire shows it. */
export function toJobBody(record: JobRecord, { position, estimatedFinishAtMs }: Outlook = OVER): JobBody {
  const path = `/v1/jobs/${record.id}`;
  return {
    id: record.id,
    object: 'job',
    status: statusOf(record.state),
    endpoint: record.features.endpoint,
    model: record.lane.modelGroup,
    class: record.lane.jobClass,
    privacy: { pinned: record.lane.pinned, findings: [...record.description.findings] },
    batch_id: record.place?.batchId ?? null,
    metadata: record.description.metadata,
    created_at: instant(record.createdAtMs),
    deadline_at: instant(record.deadlineAtMs),
    started_at: maybeInstant(record.startedAtMs),
    finished_at: maybeInstant(record.finishedAtMs),
    queue_position: position ?? null,
    estimated_finish_at: maybeInstant(estimatedFinishAtMs),
    attempts: record.attempts.map(toAttemptBody),
    served_by: record.servedBy ?? null,
    result:
      record.result === undefined
        ? null
        : { status_code: record.result.statusCode, body: { ...record.result.body } },
    usage: record.usage === undefined ? null : toUsageBody(record.usage),
    error: record.error ?? null,
    status_url: path,
    cancel_url: `${path}/cancel`,
    decisions_url: `${path}/decisions`,
  };
}

export const toUsageBody = (usage: Usage): UsageBody => ({
  input_tokens: usage.inputTokens,
  cached_input_tokens: usage.cachedInputTokens,
  output_tokens: usage.outputTokens,
  cost_usd: usage.costMicroUsd / 1e6,
  energy_joules: usage.energyJoules ?? null,
});

/**
 * The tag of the body above: another one after every change of the record or of its place in the queue. That an estimate
 * moves with the clock is no change.
 */
export const etagOf = ({ version }: JobRecord, { position }: Outlook = OVER): string =>
  position === undefined ? `"${version}"` : `"${version}-${position}"`;

function statusOf(state: JobStateKind): JobStatus {
  switch (state) {
    case 'queued':
    case 'dispatched':
      return 'queued';
    case 'running':
    case 'completed':
    case 'failed':
    case 'cancelled':
    case 'expired':
      return state;
    default:
      return assertNever(state);
  }
}

const toAttemptBody = ({ number, backendId, startedAtMs, end }: AttemptRecord): AttemptBody => ({
  number,
  backend: backendId,
  started_at: instant(startedAtMs),
  finished_at: maybeInstant(end?.finishedAtMs),
  outcome: end?.outcome ?? 'running',
  error: end?.code === undefined ? null : { code: end.code, detail: end.detail ?? '' },
});

export const instant = (atMs: EpochMs): string => new Date(atMs).toISOString();
export const maybeInstant = (atMs: EpochMs | undefined): string | null =>
  atMs === undefined ? null : instant(atMs);
