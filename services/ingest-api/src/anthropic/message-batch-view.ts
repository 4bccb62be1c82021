import type { MessageBatchBody } from '@spillway/contracts';
import { type BatchId, type EpochMs, hasBatchEnded, parseId } from '@spillway/core';
import type { BatchRecord } from '@spillway/redis';

const [OURS, THEIRS] = ['batch_', 'msgbatch_'];

/** The id that Anthropic's clients see. */
export const toMessageBatchId = (id: BatchId): string => `${THEIRS}${id.slice(OURS.length)}`;

/** Undefined for what is no id of a message batch. */
export function parseMessageBatchId(raw: string): BatchId | undefined {
  if (!raw.startsWith(THEIRS)) return undefined;
  const id = parseId('BatchId', `${OURS}${raw.slice(THEIRS.length)}`);
  return id.ok ? id.value : undefined;
}

/**
 * A batch of the Anthropic face as the wire shows it.
 *
 * @param origin scheme and host that the client reached us at: it follows `results_url` with its key
 */
export function toMessageBatch(record: BatchRecord, origin: string): MessageBatchBody {
  const id = toMessageBatchId(record.id);
  const isOver = hasBatchEnded(record.status);
  return {
    id,
    type: 'message_batch',
    processing_status: statusOf(record),
    request_counts: isOver ? endedCounts(record) : { ...NONE, processing: requestsOf(record) },
    created_at: instant(record.createdAtMs),
    expires_at: instant(record.expiresAtMs),
    ended_at: record.endedAtMs === undefined ? null : instant(record.endedAtMs),
    cancel_initiated_at: record.cancellingAtMs === undefined ? null : instant(record.cancellingAtMs),
    archived_at: null,
    results_url: isOver ? `${origin}/v1/messages/batches/${id}/results` : null,
  };
}

const NONE = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 };

/** Until the lines are counted, as many as came with the submission. */
function requestsOf({ counts, description }: BatchRecord): number {
  if (counts.total > 0) return counts.total;
  const submitted = description.options['requests'];
  return typeof submitted === 'number' ? submitted : 0;
}

const endedCounts = ({ counts }: BatchRecord): MessageBatchBody['request_counts'] => ({
  processing: 0,
  succeeded: counts.completed,
  errored: counts.failed,
  canceled: counts.cancelled,
  expired: counts.expired,
});

function statusOf({ status }: BatchRecord): MessageBatchBody['processing_status'] {
  if (hasBatchEnded(status)) return 'ended';
  return status === 'cancelling' ? 'canceling' : 'in_progress';
}

const instant = (atMs: EpochMs): string => new Date(atMs).toISOString();
